// The screen for a screen reader: sentences under each other, with the roles that the framework says aloud.

import { Box, Text } from 'ink';
import type { ReactElement } from 'react';
import { type ReaderPart, readerParts } from '../rows/reader.ts';
import type { View } from '../view.ts';

function Part({ part }: { part: ReaderPart }): ReactElement {
  const role = part.role === undefined ? {} : { 'aria-role': part.role };
  return (
    <Box flexDirection="column" {...role}>
      <Text>{part.text}</Text>
      {(part.items ?? []).map((item, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an item is its place
        <Box key={row} aria-role="listitem">
          <Text>{item}</Text>
        </Box>
      ))}
    </Box>
  );
}

export function ReaderPane({ view }: { view: View }): ReactElement {
  return (
    <Box flexDirection="column">
      {readerParts(view).map((part, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a sentence is its place
        <Part key={row} part={part} />
      ))}
    </Box>
  );
}
