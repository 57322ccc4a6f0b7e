// What the inspector says on a WebSocket: subscribe and unsubscribe, in Coinbase's shape, and nothing else.

export interface SubscribeRequest {
  type: 'subscribe' | 'unsubscribe';
  channel: string;
  /** Empty: the field is left out (reference 3.2). */
  productIds: readonly string[];
  /** A fresh token without `uri`; left out when absent (reference 2.4). */
  jwt?: string | undefined;
}

/** The text frame of one subscribe or unsubscribe: one channel a message, no empty `product_ids` (reference 3.2). */
export function subscribeMessage(request: SubscribeRequest): string {
  const message: Record<string, unknown> = { type: request.type };
  if (request.productIds.length > 0) message.product_ids = request.productIds;
  message.channel = request.channel;
  if (request.jwt !== undefined) message.jwt = request.jwt;
  return JSON.stringify(message);
}
