// Owns the answers about accounts, portfolios, permissions and fees. Accounts and breakdown come from the same wallets.
import { isoTime } from './clock.ts';
import { type Fixed, fixed, fixedText } from './fixed.ts';
import { futuresSummary } from './futures-summary.ts';
import { hash } from './random.ts';
import { type Call, failed, numberOf, ok, type Reply } from './rest-call.ts';
import type { Wallet } from './wallets.ts';
import { boundPortfolio, permissions, type World } from './world.ts';

const defaultPage = 49;
const largestPage = 250;

export function keyPermissions(call: Call): Reply {
  const may = permissions(call.world);
  const { uuid, type } = boundPortfolio(call.world);
  return ok({
    can_view: may.view,
    can_trade: may.trade,
    can_transfer: may.transfer,
    portfolio_uuid: uuid,
    portfolio_type: type,
    can_receive: false,
  });
}

/** The wallets of the portfolio that the key is bound to; the second portfolio has only a little cash. */
function wallets(world: World): Wallet[] {
  const all = world.desk.wallets.list();
  if (boundPortfolio(world).type === 'DEFAULT') return all;
  return all.slice(1, 2).map((w) => ({ ...w, uuid: world.desk.portfolios.bots, available: fixed('250'), hold: 0n }));
}

export function listAccounts(call: Call): Reply {
  const all = wallets(call.world);
  const limit = Math.min(largestPage, numberOf(call.query, 'limit', defaultPage));
  const cursor = call.query.get('cursor') ?? '';
  const from = cursor === '' ? 0 : all.findIndex((w) => w.uuid === cursor) + 1;
  const page = all.slice(from, from + limit);
  const hasNext = from + page.length < all.length;
  return ok({
    accounts: page.map((w) => account(call.world, w)),
    has_next: hasNext,
    cursor: hasNext ? (page.at(-1)?.uuid ?? '') : '',
    size: page.length,
  });
}

export function oneAccount(call: Call): Reply {
  const found = wallets(call.world).find((w) => w.uuid === call.params[0]);
  return found === undefined
    ? failed(404, 'NOT_FOUND', 'account not found')
    : ok({ account: account(call.world, found) });
}

function account(world: World, wallet: Wallet): Record<string, unknown> {
  const money = (value: Fixed) => ({ value: fixedText(value), currency: wallet.currency });
  return {
    uuid: wallet.uuid,
    name: wallet.name,
    currency: wallet.currency,
    available_balance: money(wallet.available),
    default: true,
    active: true,
    created_at: '2024-03-02T10:11:12.131Z',
    updated_at: isoTime(wallet.updatedMs),
    deleted_at: null,
    type: wallet.fiat ? 'ACCOUNT_TYPE_FIAT' : 'ACCOUNT_TYPE_CRYPTO',
    ready: true,
    hold: money(wallet.hold),
    retail_portfolio_id: boundPortfolio(world).uuid,
    platform: 'ACCOUNT_PLATFORM_CONSUMER',
  };
}

function portfolioList(world: World): Record<string, unknown>[] {
  const { portfolios } = world.desk;
  return [
    { name: 'Default', uuid: portfolios.default, type: 'DEFAULT', deleted: false },
    { name: 'bots', uuid: portfolios.bots, type: 'CONSUMER', deleted: false },
  ];
}

export function listPortfolios(call: Call): Reply {
  const type = call.query.get('portfolio_type');
  return ok({ portfolios: portfolioList(call.world).filter((p) => type === null || p.type === type) });
}

/** The breakdown of one portfolio; that of another than the key's is refused. */
export function portfolioBreakdown(call: Call): Reply {
  const { world } = call;
  const portfolio = portfolioList(world).find((p) => p.uuid === call.params[0]);
  if (portfolio === undefined) return failed(404, 'NOT_FOUND', 'portfolio not found');
  if (portfolio.uuid !== boundPortfolio(world).uuid) {
    return failed(403, 'PERMISSION_DENIED', 'User does not have permissions');
  }
  const positions = wallets(world)
    .map((w) => position(world, w))
    .filter((p) => p.total_balance_crypto !== 0);
  const total = positions.reduce((sum, p) => sum + p.total_balance_fiat, 0);
  const cash = positions.filter((p) => p.is_cash).reduce((sum, p) => sum + p.total_balance_fiat, 0);
  const usd = (value: number) => ({ value: String(Math.round(value * 100) / 100), currency: 'USD' });
  return ok({
    breakdown: {
      portfolio,
      portfolio_balances: {
        total_balance: usd(total),
        total_futures_balance: usd(0),
        total_cash_equivalent_balance: usd(cash),
        total_crypto_balance: usd(total - cash),
        futures_unrealized_pnl: usd(0),
        perp_unrealized_pnl: usd(0),
        total_equities_balance: usd(0),
      },
      spot_positions: positions.map((p) => ({ ...p, allocation: total === 0 ? 0 : p.total_balance_fiat / total })),
      perp_positions: [],
      futures_positions: [],
      equity_positions: [],
    },
  });
}

function position(world: World, wallet: Wallet) {
  const off = world.faults.find('mismatch', (f) => f.fault.asset === wallet.currency)?.fault.amount ?? '0';
  const total = Number(fixedText(wallet.available + wallet.hold + fixed(off)));
  const free = Number(fixedText(wallet.available));
  const cash = wallet.fiat;
  const quotes = world.market.quotes(`${wallet.currency}-USD`);
  const price =
    quotes === null ? (cash || wallet.currency.startsWith('USD') ? 1 : 0) : quotes.last * quotes.product.tick;
  const fiat = (amount: number) => Math.round(amount * price * 100) / 100;
  return {
    asset: wallet.currency,
    account_uuid: wallet.uuid,
    total_balance_fiat: fiat(total),
    total_balance_crypto: total,
    available_to_trade_fiat: fiat(free),
    allocation: 0,
    cost_basis: { value: cash ? '0' : String(fiat(total * 0.8)), currency: 'USD' },
    asset_img_url: '',
    is_cash: cash,
    average_entry_price: { value: cash ? '0' : String(fiat(0.8)), currency: 'USD' },
    asset_uuid: cash ? '' : assetUuid(wallet.currency),
    available_to_trade_crypto: free,
    unrealized_pnl: cash ? 0 : fiat(total * 0.2),
    available_to_transfer_fiat: fiat(free),
    available_to_transfer_crypto: free,
    asset_color: '',
    account_type: cash ? 'ACCOUNT_TYPE_FIAT' : 'ACCOUNT_TYPE_CRYPTO',
    funding_pnl: 0,
    available_to_send_fiat: fiat(free),
    available_to_send_crypto: free,
  };
}

function assetUuid(currency: string): string {
  const h = hash(currency).toString(16).padStart(8, '0');
  return `${h}-3dd3-540c-809b-${h}0e68`;
}

export function transactionSummary(): Reply {
  return ok({
    total_fees: 25.11,
    fee_tier: {
      pricing_tier: 'Advanced 1',
      taker_fee_rate: '0.012',
      maker_fee_rate: '0.006',
      aop_from: '',
      aop_to: '',
      volume_types_and_range: [
        { volume_types: ['VOLUME_TYPE_SPOT', 'VOLUME_TYPE_US_DERIVATIVES'], vol_from: '0', vol_to: '10000' },
      ],
    },
    margin_rate: null,
    goods_and_services_tax: null,
    advanced_trade_only_volume: 4182.77,
    advanced_trade_only_fees: 25.11,
    coinbase_pro_volume: 0,
    coinbase_pro_fees: 0,
    total_balance: '53666.43',
    volume_breakdown: [{ volume_type: 'VOLUME_TYPE_SPOT', volume: 4182.77 }],
    has_cost_plus_commission: false,
  });
}

export function futuresBalance(): Reply {
  return ok({ balance_summary: futuresSummary((value) => ({ value, currency: 'USD' })) });
}
