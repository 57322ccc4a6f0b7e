// Owns the list of tradable products: enough of them to pass the level2 cap, each -USD product with its -USDC twin.

export interface Product {
  /** The id that market data carries. */
  id: string;
  base: string;
  baseName: string;
  price: number;
  /** Smallest price step. */
  tick: number;
  /** Mean trades a second. */
  pace: number;
}

const list: readonly (readonly [string, string, number, number, number])[] = [
  ['BTC', 'Bitcoin', 91250.14, 0.01, 5],
  ['ETH', 'Ethereum', 3021.55, 0.01, 4.5],
  ['SOL', 'Solana', 142.37, 0.01, 4],
  ['XRP', 'XRP', 2.1418, 0.0001, 3.5],
  ['DOGE', 'Dogecoin', 0.15872, 0.00001, 3],
  ['ADA', 'Cardano', 0.4471, 0.0001, 3],
  ['AVAX', 'Avalanche', 14.82, 0.01, 2.5],
  ['LINK', 'Chainlink', 13.416, 0.001, 2.5],
  ['DOT', 'Polkadot', 2.471, 0.001, 2],
  ['LTC', 'Litecoin', 84.13, 0.01, 2],
  ['BCH', 'Bitcoin Cash', 541.2, 0.01, 2],
  ['UNI', 'Uniswap', 6.412, 0.001, 2],
  ['ATOM', 'Cosmos', 2.613, 0.001, 2],
  ['ETC', 'Ethereum Classic', 14.07, 0.01, 2],
  ['XLM', 'Stellar Lumens', 0.25113, 0.00001, 2],
  ['ALGO', 'Algorand', 0.1442, 0.0001, 2],
  ['AAVE', 'Aave', 172.4, 0.01, 2],
  ['FIL', 'Filecoin', 1.613, 0.001, 2],
  ['NEAR', 'NEAR Protocol', 1.972, 0.001, 2],
  ['APT', 'Aptos', 2.861, 0.001, 2],
  ['ARB', 'Arbitrum', 0.2143, 0.0001, 2],
  ['OP', 'Optimism', 0.3172, 0.0001, 2],
  ['SUI', 'Sui', 1.5524, 0.0001, 2],
  ['INJ', 'Injective', 5.413, 0.001, 2],
  ['TIA', 'Celestia', 0.6312, 0.0001, 2],
  ['SEI', 'Sei', 0.1373, 0.0001, 2],
  ['PEPE', 'Pepe', 0.00000471, 0.00000001, 2],
  ['SHIB', 'Shiba Inu', 0.00000862, 0.00000001, 2],
  ['MKR', 'Maker', 1612.4, 0.01, 2],
  ['CRV', 'Curve', 0.4013, 0.0001, 2],
  ['SNX', 'Synthetix', 0.5721, 0.0001, 2],
  ['GRT', 'The Graph', 0.0513, 0.0001, 2],
  ['COMP', 'Compound', 31.42, 0.01, 2],
  ['ZEC', 'Zcash', 512.6, 0.01, 2],
  ['HBAR', 'Hedera', 0.14213, 0.00001, 2],
  ['ICP', 'Internet Computer', 4.213, 0.001, 2],
];

export const products: readonly Product[] = list.map(([base, baseName, price, tick, pace]) => ({
  id: `${base}-USD`,
  base,
  baseName,
  price,
  tick,
  pace,
}));

const byId = new Map(products.map((p) => [p.id, p]));

/** The product behind an id; the -USDC twin leads to the -USD product, whose market data it shares. */
export function findProduct(id: string): Product | null {
  return byId.get(id) ?? (id.endsWith('-USDC') ? (byId.get(id.slice(0, -1)) ?? null) : null);
}

/** Digits after the point of a price. */
export function priceDigits(product: Product): number {
  return Math.max(0, Math.round(-Math.log10(product.tick)));
}

/** A price given in ticks, as text without trailing zeros. */
export function tickText(product: Product, ticks: number): string {
  const text = (ticks * product.tick).toFixed(priceDigits(product));
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
