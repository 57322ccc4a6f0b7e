// The only gate for text to the screen: sanitised, in ASCII when asked, with the look of its role.

import { Text } from 'ink';
import type { ReactElement } from 'react';
import { safeText } from '../../base/text.ts';
import { type Look, type Role, styleOf, toAscii, withoutColor } from '../theme.ts';

/** The text as it may be shown, whatever it was. */
export function wireText(text: string, look: Look): string {
  const safe = safeText(text);
  return look.ascii ? toAscii(safe) : safe;
}

export function WireText({ text, tone, look }: { text: string; tone: Role; look: Look }): ReactElement {
  const shown = wireText(text, look);
  if (!look.color) return <Text wrap="truncate">{withoutColor(shown, tone)}</Text>;
  const { color, dim = false, bold = false, inverse = false } = styleOf(tone);
  if (color === undefined) {
    return (
      <Text wrap="truncate" dimColor={dim} bold={bold} inverse={inverse}>
        {shown}
      </Text>
    );
  }
  return (
    <Text wrap="truncate" color={color} dimColor={dim} bold={bold} inverse={inverse}>
      {shown}
    </Text>
  );
}
