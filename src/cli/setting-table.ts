// Every setting once: flag, environment variable, default, and what it means. README's table is checked against this one.

export interface SettingRow {
  flag: string;
  environment: string;
  fallback: string;
  meaning: string;
}

export const PRODUCTION = {
  publicUrl: 'wss://advanced-trade-ws.coinbase.com',
  userUrl: 'wss://advanced-trade-ws-user.coinbase.com',
  restUrl: 'https://api.coinbase.com',
} as const;

export const SETTING_ROWS: readonly SettingRow[] = [
  {
    flag: '--env-file FILE',
    environment: '',
    fallback: '`.env` if there is one',
    meaning: 'where variables are read from besides the environment',
  },
  {
    flag: '--key-file FILE',
    environment: 'COINBASE_KEY_FILE',
    fallback: 'none',
    meaning: 'the JSON that the portal downloads (`name` or `id`, `privateKey`)',
  },
  {
    flag: '',
    environment: 'COINBASE_API_KEY, COINBASE_API_SECRET',
    fallback: 'none: public channels only',
    meaning: 'the CDP key; CDP_API_KEY_ID and CDP_API_KEY_SECRET are read too',
  },
  {
    flag: '--products A,B',
    environment: 'CBSCOPE_PRODUCTS',
    fallback: 'BTC-USD,ETH-USD',
    meaning: 'products to subscribe',
  },
  {
    flag: '--channels A,B',
    environment: 'CBSCOPE_CHANNELS',
    fallback: 'ticker,user',
    meaning: '`user` and `futures_balance_summary` go to the user socket, all others to the public one',
  },
  {
    flag: '--public-url URL',
    environment: 'CBSCOPE_PUBLIC_URL',
    fallback: PRODUCTION.publicUrl,
    meaning: 'market-data WebSocket',
  },
  {
    flag: '--user-url URL',
    environment: 'CBSCOPE_USER_URL',
    fallback: PRODUCTION.userUrl,
    meaning: 'user-order WebSocket',
  },
  { flag: '--rest-url URL', environment: 'CBSCOPE_REST_URL', fallback: PRODUCTION.restUrl, meaning: 'REST' },
  {
    flag: '--poll NAME=SECONDS',
    environment: 'CBSCOPE_POLL',
    fallback: 'time=10 key_permissions=60 accounts=30 orders=10 fills=30 products=60 portfolio=60',
    meaning: 'pace of a REST poll, 0 = off; repeatable',
  },
  {
    flag: '--needs A,B',
    environment: 'CBSCOPE_NEEDS',
    fallback: 'view',
    meaning: 'permissions your own program needs: view, trade, transfer',
  },
  {
    flag: '--ui-shows TEXT',
    environment: '',
    fallback: 'none',
    meaning: 'what the web page shows (`BTC 0.75`, `ORDER-ID FILLED`)',
  },
  {
    flag: '--ca-file FILE',
    environment: 'NODE_EXTRA_CA_CERTS',
    fallback: 'system',
    meaning: 'a further CA to trust; verification cannot be switched off',
  },
  { flag: '--no-user', environment: '', fallback: 'off', meaning: 'leave the user socket closed' },
  {
    flag: '--no-rest',
    environment: '',
    fallback: 'off',
    meaning: 'poll nothing over REST; server time alone is asked when something is refused or fails',
  },
  { flag: '--no-heartbeats', environment: '', fallback: 'off', meaning: 'do not subscribe heartbeats' },
  { flag: '--sign-public', environment: '', fallback: 'off', meaning: 'send a token on public channels too' },
  { flag: '--deflate', environment: '', fallback: 'off', meaning: 'offer permessage-deflate' },
  {
    flag: '--reauth MODE',
    environment: 'CBSCOPE_REAUTH',
    fallback: 'resubscribe',
    meaning: '`resubscribe`, `reconnect` or `never`: what is done 20 s before a token ends',
  },
  { flag: '--record [FILE]', environment: 'CBSCOPE_RECORD', fallback: 'off', meaning: 'record every fact to a file' },
  { flag: '--append', environment: '', fallback: 'off', meaning: 'go on in the file of `--record` if it is there' },
  { flag: '--force', environment: '', fallback: 'off', meaning: 'replace the file of `--record` if it is there' },
  { flag: '--compress', environment: '', fallback: 'off', meaning: 'record as `.zst`' },
  {
    flag: '--rotate-size SIZE',
    environment: '',
    fallback: 'never',
    meaning: 'go on in a next file (`FILE-2`, …) after so much, for example 100MB',
  },
  {
    flag: '--rotate-time TIME',
    environment: '',
    fallback: 'never',
    meaning: 'go on in a next file after so long, for example 1h',
  },
  { flag: '--duration TIME', environment: '', fallback: 'until quit', meaning: 'end by itself, for example after 30s' },
  { flag: '--fps N', environment: '', fallback: '4', meaning: 'data screens a second, 1 to 30' },
  { flag: '--plain', environment: '', fallback: 'off', meaning: 'print sentences instead of drawing a screen' },
  { flag: '--json', environment: '', fallback: 'off', meaning: 'print one JSON object a line' },
  {
    flag: '--ascii',
    environment: '',
    fallback: 'off',
    meaning: 'draw with ASCII only; also under a locale (`LC_ALL`, `LC_CTYPE`, `LANG`) that is not UTF-8',
  },
  { flag: '--no-color', environment: 'NO_COLOR', fallback: 'off', meaning: 'no colours; `FORCE_COLOR=0` is the same' },
  { flag: '--screen-reader', environment: '', fallback: 'off', meaning: 'a linear text for screen readers' },
];
