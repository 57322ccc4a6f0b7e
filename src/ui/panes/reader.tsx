// The screen for a screen reader: sentences under each other.

import { Box, Text } from 'ink';
import type { ReactElement } from 'react';
import { readerLines } from '../rows/reader.ts';
import type { View } from '../view.ts';

export function ReaderPane({ view }: { view: View }): ReactElement {
  return (
    <Box flexDirection="column">
      {readerLines(view).map((line, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a sentence is its place
        <Text key={row}>{line}</Text>
      ))}
    </Box>
  );
}
