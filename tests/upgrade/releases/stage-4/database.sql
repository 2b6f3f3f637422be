\restrict aviary
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA accounts;
ALTER SCHEMA accounts OWNER TO aviary_accounts;
CREATE SCHEMA backtesting;
ALTER SCHEMA backtesting OWNER TO aviary_backtesting;
CREATE SCHEMA gateway_proxy;
ALTER SCHEMA gateway_proxy OWNER TO aviary_gateway_proxy;
CREATE SCHEMA market_data;
ALTER SCHEMA market_data OWNER TO aviary_market_data;
CREATE SCHEMA orchestration;
ALTER SCHEMA orchestration OWNER TO aviary_orchestration;
CREATE SCHEMA trading;
ALTER SCHEMA trading OWNER TO aviary_trading;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE accounts.account (
    name character varying(64) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE accounts.account OWNER TO aviary_accounts;
CREATE TABLE accounts.alembic_version (
    version_num character varying(32) NOT NULL
);
ALTER TABLE accounts.alembic_version OWNER TO aviary_accounts;
CREATE TABLE accounts.credential (
    account_name character varying(64) NOT NULL,
    connector_name character varying(64) NOT NULL,
    sealed jsonb NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE accounts.credential OWNER TO aviary_accounts;
CREATE TABLE accounts.outbox (
    id bigint NOT NULL,
    message_id uuid NOT NULL,
    subject character varying NOT NULL,
    payload jsonb NOT NULL,
    request_id character varying NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE accounts.outbox OWNER TO aviary_accounts;
ALTER TABLE accounts.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME accounts.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE accounts.portfolio_snapshot (
    taken_at timestamp with time zone NOT NULL,
    scope character varying[] NOT NULL,
    state json NOT NULL,
    gaps json NOT NULL
)
WITH (toast_tuple_target='256');
ALTER TABLE accounts.portfolio_snapshot OWNER TO aviary_accounts;
CREATE TABLE market_data.alembic_version (
    version_num character varying(32) NOT NULL
);
ALTER TABLE market_data.alembic_version OWNER TO aviary_market_data;
CREATE TABLE market_data.candle_download (
    id bigint NOT NULL,
    connector character varying(64) NOT NULL,
    trading_pair character varying(64) NOT NULL,
    "interval" character varying(8) NOT NULL,
    start_s bigint NOT NULL,
    end_s bigint NOT NULL,
    wanted_end_s bigint NOT NULL,
    state character varying(16) NOT NULL,
    done bigint NOT NULL,
    total bigint NOT NULL,
    position_s bigint NOT NULL,
    gaps jsonb NOT NULL,
    error character varying,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE market_data.candle_download OWNER TO aviary_market_data;
ALTER TABLE market_data.candle_download ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME market_data.candle_download_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE market_data.candle_gap (
    series_id bigint NOT NULL,
    start_s bigint NOT NULL,
    end_s bigint NOT NULL,
    reason character varying(64) NOT NULL
);
ALTER TABLE market_data.candle_gap OWNER TO aviary_market_data;
CREATE TABLE market_data.candle_month (
    series_id bigint NOT NULL,
    month character varying(7) NOT NULL,
    digest character varying(32) NOT NULL,
    next_digest character varying(32),
    rows bigint NOT NULL,
    bytes bigint NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE market_data.candle_month OWNER TO aviary_market_data;
CREATE TABLE market_data.candle_range (
    series_id bigint NOT NULL,
    start_s bigint NOT NULL,
    end_s bigint NOT NULL
);
ALTER TABLE market_data.candle_range OWNER TO aviary_market_data;
CREATE TABLE market_data.candle_series (
    id bigint NOT NULL,
    connector character varying(64) NOT NULL,
    trading_pair character varying(64) NOT NULL,
    "interval" character varying(8) NOT NULL
);
ALTER TABLE market_data.candle_series OWNER TO aviary_market_data;
ALTER TABLE market_data.candle_series ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME market_data.candle_series_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE market_data.rate_source (
    single boolean DEFAULT true NOT NULL,
    source character varying(64) NOT NULL,
    quote_token character varying(32) NOT NULL,
    quote_symbol character varying(16) NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT rate_source_single_check CHECK (single)
);
ALTER TABLE market_data.rate_source OWNER TO aviary_market_data;
CREATE TABLE orchestration.alembic_version (
    version_num character varying(32) NOT NULL
);
ALTER TABLE orchestration.alembic_version OWNER TO aviary_orchestration;
CREATE TABLE orchestration.bot_event (
    id bigint NOT NULL,
    sequence bigint NOT NULL,
    heard_at timestamp with time zone NOT NULL,
    bot_name character varying(96) NOT NULL,
    topic character varying(16) NOT NULL,
    type character varying(64) NOT NULL,
    data jsonb NOT NULL
);
ALTER TABLE orchestration.bot_event OWNER TO aviary_orchestration;
ALTER TABLE orchestration.bot_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME orchestration.bot_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE orchestration.bot_identity (
    bot_name character varying(64) NOT NULL,
    salt bytea NOT NULL,
    password_hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE orchestration.bot_identity OWNER TO aviary_orchestration;
CREATE TABLE orchestration.bot_job (
    id bigint NOT NULL,
    bot_name character varying(96) NOT NULL,
    state character varying(16) NOT NULL,
    options jsonb NOT NULL,
    steps jsonb NOT NULL,
    error character varying,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE orchestration.bot_job OWNER TO aviary_orchestration;
ALTER TABLE orchestration.bot_job ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME orchestration.bot_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE orchestration.bot_log (
    id bigint NOT NULL,
    sequence bigint NOT NULL,
    heard_at timestamp with time zone NOT NULL,
    bot_name character varying(96) NOT NULL,
    at timestamp with time zone NOT NULL,
    level_no integer NOT NULL,
    level_name character varying(16) NOT NULL,
    logger_name character varying(128) NOT NULL,
    msg character varying NOT NULL
);
ALTER TABLE orchestration.bot_log OWNER TO aviary_orchestration;
ALTER TABLE orchestration.bot_log ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME orchestration.bot_log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE orchestration.bot_problem (
    bot_name character varying(96) NOT NULL,
    kind character varying(16) NOT NULL,
    detail character varying NOT NULL,
    since timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE orchestration.bot_problem OWNER TO aviary_orchestration;
CREATE TABLE orchestration.bot_run (
    id bigint NOT NULL,
    bot_name character varying(96) NOT NULL,
    asked_name character varying(64) NOT NULL,
    deployed_at timestamp with time zone DEFAULT now() NOT NULL,
    stopped_at timestamp with time zone,
    strategy_type character varying(16) NOT NULL,
    strategy_name character varying(128) NOT NULL,
    config_name character varying(128),
    account_name character varying(64) NOT NULL,
    image_version character varying(256),
    desired character varying(16) NOT NULL,
    deployment_status character varying(16) NOT NULL,
    run_status character varying(16) NOT NULL,
    deployment_config jsonb NOT NULL,
    final_status jsonb,
    error_message character varying
);
ALTER TABLE orchestration.bot_run OWNER TO aviary_orchestration;
ALTER TABLE orchestration.bot_run ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME orchestration.bot_run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE orchestration.controller_performance (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    bot_name character varying(96) NOT NULL,
    controller_id character varying(128) NOT NULL,
    status character varying(16) NOT NULL,
    performance jsonb NOT NULL,
    custom_info jsonb NOT NULL
);
ALTER TABLE orchestration.controller_performance OWNER TO aviary_orchestration;
ALTER TABLE orchestration.controller_performance ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME orchestration.controller_performance_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE orchestration.outbox (
    id bigint NOT NULL,
    message_id uuid NOT NULL,
    subject character varying NOT NULL,
    payload jsonb NOT NULL,
    request_id character varying NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE orchestration.outbox OWNER TO aviary_orchestration;
ALTER TABLE orchestration.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME orchestration.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE trading.alembic_version (
    version_num character varying(32) NOT NULL
);
ALTER TABLE trading.alembic_version OWNER TO aviary_trading;
CREATE TABLE trading.fill (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    account_name character varying(64) NOT NULL,
    connector_name character varying(64) NOT NULL,
    trading_pair character varying(64) NOT NULL,
    trade_id character varying(128) NOT NULL,
    client_order_id character varying(64) NOT NULL,
    trade_type character varying(8) NOT NULL,
    amount numeric(36,18) NOT NULL,
    price numeric(36,18) NOT NULL,
    fee numeric(36,18) NOT NULL,
    fee_currency character varying(32) NOT NULL,
    is_maker boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    fee_quote numeric(36,18)
);
ALTER TABLE trading.fill OWNER TO aviary_trading;
ALTER TABLE trading.fill ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME trading.fill_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE trading.funding_payment (
    id bigint NOT NULL,
    account_name character varying(64) NOT NULL,
    connector_name character varying(64) NOT NULL,
    trading_pair character varying(64) NOT NULL,
    payment_id character varying(128) NOT NULL,
    amount numeric(36,18) NOT NULL,
    currency character varying(32) NOT NULL,
    rate numeric(36,18),
    position_size numeric(36,18),
    position_side character varying(8),
    at timestamp with time zone NOT NULL
);
ALTER TABLE trading.funding_payment OWNER TO aviary_trading;
ALTER TABLE trading.funding_payment ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME trading.funding_payment_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE trading.leverage (
    account_name character varying(64) NOT NULL,
    connector_name character varying(64) NOT NULL,
    trading_pair character varying(64) NOT NULL,
    leverage integer NOT NULL
);
ALTER TABLE trading.leverage OWNER TO aviary_trading;
CREATE TABLE trading.outbox (
    id bigint NOT NULL,
    message_id uuid NOT NULL,
    subject character varying NOT NULL,
    payload jsonb NOT NULL,
    request_id character varying NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE trading.outbox OWNER TO aviary_trading;
ALTER TABLE trading.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME trading.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE trading.paper_account (
    account_name character varying(64) NOT NULL,
    connector_name character varying(64) NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone NOT NULL
);
ALTER TABLE trading.paper_account OWNER TO aviary_trading;
CREATE TABLE trading.paper_balance (
    account_name character varying(64) NOT NULL,
    connector_name character varying(64) NOT NULL,
    token character varying(32) NOT NULL,
    total numeric(36,18) NOT NULL,
    reserved numeric(36,18) NOT NULL,
    CONSTRAINT paper_balance_covers CHECK (((reserved >= (0)::numeric) AND (reserved <= total)))
);
ALTER TABLE trading.paper_balance OWNER TO aviary_trading;
CREATE TABLE trading.paper_fill (
    id bigint NOT NULL,
    order_id bigint NOT NULL,
    trade_id character varying(64) NOT NULL,
    amount numeric(36,18) NOT NULL,
    price numeric(36,18) NOT NULL,
    fee numeric(36,18) NOT NULL,
    fee_currency character varying(32) NOT NULL,
    is_maker boolean NOT NULL,
    model character varying(16) NOT NULL,
    at timestamp with time zone NOT NULL
);
ALTER TABLE trading.paper_fill OWNER TO aviary_trading;
ALTER TABLE trading.paper_fill ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME trading.paper_fill_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE trading.paper_market (
    account_name character varying(64) NOT NULL,
    connector_name character varying(64) NOT NULL,
    trading_pair character varying(64) NOT NULL,
    seen_at timestamp with time zone,
    seen_ids character varying[] NOT NULL,
    bids jsonb NOT NULL,
    asks jsonb NOT NULL
);
ALTER TABLE trading.paper_market OWNER TO aviary_trading;
CREATE TABLE trading.paper_order (
    id bigint NOT NULL,
    account_name character varying(64) NOT NULL,
    connector_name character varying(64) NOT NULL,
    client_order_id character varying(64) NOT NULL,
    trading_pair character varying(64) NOT NULL,
    trade_type character varying(8) NOT NULL,
    order_type character varying(16) NOT NULL,
    time_in_force character varying(4),
    amount numeric(36,18) NOT NULL,
    price numeric(36,18),
    state character varying(16) NOT NULL,
    reserved numeric(36,18) NOT NULL,
    filled_amount numeric(36,18) NOT NULL,
    filled_quote numeric(36,18) NOT NULL,
    fills integer NOT NULL,
    queue_ahead numeric(36,18),
    reason character varying,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
ALTER TABLE trading.paper_order OWNER TO aviary_trading;
ALTER TABLE trading.paper_order ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME trading.paper_order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE trading.position_mode (
    account_name character varying(64) NOT NULL,
    connector_name character varying(64) NOT NULL,
    mode character varying(8) NOT NULL
);
ALTER TABLE trading.position_mode OWNER TO aviary_trading;
CREATE TABLE trading.risk_limit (
    account_name character varying(64) NOT NULL,
    max_order_notional numeric(36,18),
    max_open_orders integer,
    max_daily_loss numeric(36,18),
    max_orders_per_minute integer,
    allowed_pairs character varying(64)[]
);
ALTER TABLE trading.risk_limit OWNER TO aviary_trading;
CREATE TABLE trading.trading_halt (
    account_name character varying(64) NOT NULL,
    reason character varying NOT NULL,
    at timestamp with time zone NOT NULL
);
ALTER TABLE trading.trading_halt OWNER TO aviary_trading;
CREATE TABLE trading.trading_order (
    id bigint NOT NULL,
    account_name character varying(64) NOT NULL,
    connector_name character varying(64) NOT NULL,
    client_order_id character varying(64) NOT NULL,
    exchange_order_id character varying(128),
    trading_pair character varying(64) NOT NULL,
    trade_type character varying(8) NOT NULL,
    order_type character varying(16) NOT NULL,
    position_action character varying(8) NOT NULL,
    requested_amount numeric(36,18) NOT NULL,
    requested_price numeric(36,18),
    amount numeric(36,18) NOT NULL,
    price numeric(36,18),
    status character varying(20) NOT NULL,
    filled_amount numeric(36,18) NOT NULL,
    filled_quote numeric(36,18) NOT NULL,
    venue_filled_amount numeric(36,18) NOT NULL,
    fee_paid numeric(36,18) NOT NULL,
    fee_currency character varying(32),
    error_message character varying,
    settled boolean NOT NULL,
    version integer NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    time_in_force character varying(4),
    venue_client_id character varying(64),
    fee_quote numeric(36,18)
);
ALTER TABLE trading.trading_order OWNER TO aviary_trading;
ALTER TABLE trading.trading_order ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME trading.trading_order_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
COPY accounts.account (name, created_at) FROM stdin;
master_account	2026-11-23 03:29:13.585228+00
account-34d6548dedc6	2026-11-23 03:29:17.900678+00
\.
COPY accounts.alembic_version (version_num) FROM stdin;
0002
\.
COPY accounts.credential (account_name, connector_name, sealed, updated_at) FROM stdin;
account-34d6548dedc6	sandbox	{"cost": 32768, "salt": "4hOtH3kEmRkO3m2SYwtKig==", "fields": {"sandbox_api_key": "wxC4tbzJbf5PY6EIS5EySZqss3FIb6RJF8zHjLUASjgnmWeV+0Wpr7tFlrk=", "sandbox_api_secret": "79mJTDM1/HpXwHczEv8cvxAkQohhF/9WMHwj23nGE7bvQ9OYArT6oJC3iu7Cr6CVV1oW"}, "version": 1, "wrapped_key": "OUk3uQIpeyXDROvJ8adYysE0cjn8ebpfvq46h/hvIFN9l+/WIUtYp5+NrZGRNtQq1jQfC160SPoKVVhe"}	2026-11-23 03:29:19.435266+00
account-34d6548dedc6	sandbox_perpetual	{"cost": 32768, "salt": "v2TWGldK0E0LOG6zGVv9Sg==", "fields": {"sandbox_perpetual_api_key": "UBM7IYUntA7IdqMvWCTaTQ71JQX+oHkC3x5yFkEe+s2Izy2pW1KJIwQfT/g=", "sandbox_perpetual_api_secret": "zp54XfSLPA44GnngDAwZ4I9uAxjlu234/zSTfwZ4iQl7bGAMkfEpwabTt8R7V8gW5G1c"}, "version": 1, "wrapped_key": "Lz4jgASgP9SR0IS1LgmaqF7IFOYP20jyZNBHNqcDrwez+VoBI8qvs/RvEBDv2o/F/9S/FbQSknlzV2p6"}	2026-11-23 03:29:21.454312+00
\.
COPY accounts.portfolio_snapshot (taken_at, scope, state, gaps) FROM stdin;
\.
COPY market_data.alembic_version (version_num) FROM stdin;
0002
\.
COPY market_data.candle_download (id, connector, trading_pair, "interval", start_s, end_s, wanted_end_s, state, done, total, position_s, gaps, error, created_at, updated_at) FROM stdin;
1	sandbox	BTC-USDT	1m	1795132800	1795404540	0	done	4529	4529	1795404540	[]	\N	2026-11-23 03:29:25.3526+00	2026-11-23 03:29:26.534134+00
\.
COPY market_data.candle_gap (series_id, start_s, end_s, reason) FROM stdin;
\.
COPY market_data.candle_month (series_id, month, digest, next_digest, rows, bytes, updated_at) FROM stdin;
1	2026-11	2bd77d4ba86ffe8d9c4d38f389642f66	\N	4529	189208	2026-11-23 03:29:26.494193+00
\.
COPY market_data.candle_range (series_id, start_s, end_s) FROM stdin;
1	1795132800	1795404540
\.
COPY market_data.candle_series (id, connector, trading_pair, "interval") FROM stdin;
1	sandbox	BTC-USDT	1m
\.
COPY market_data.rate_source (single, source, quote_token, quote_symbol, updated_at) FROM stdin;
\.
COPY orchestration.alembic_version (version_num) FROM stdin;
0003
\.
COPY orchestration.bot_event (id, sequence, heard_at, bot_name, topic, type, data) FROM stdin;
\.
COPY orchestration.bot_identity (bot_name, salt, password_hash, created_at) FROM stdin;
\.
COPY orchestration.bot_job (id, bot_name, state, options, steps, error, created_at, updated_at) FROM stdin;
\.
COPY orchestration.bot_log (id, sequence, heard_at, bot_name, at, level_no, level_name, logger_name, msg) FROM stdin;
\.
COPY orchestration.bot_problem (bot_name, kind, detail, since) FROM stdin;
\.
COPY orchestration.bot_run (id, bot_name, asked_name, deployed_at, stopped_at, strategy_type, strategy_name, config_name, account_name, image_version, desired, deployment_status, run_status, deployment_config, final_status, error_message) FROM stdin;
\.
COPY orchestration.controller_performance (id, at, bot_name, controller_id, status, performance, custom_info) FROM stdin;
\.
COPY trading.alembic_version (version_num) FROM stdin;
0003
\.
COPY trading.fill (id, order_id, account_name, connector_name, trading_pair, trade_id, client_order_id, trade_type, amount, price, fee, fee_currency, is_maker, at, fee_quote) FROM stdin;
1	1	account-34d6548dedc6	sandbox	BTC-USDT	4770227172	filled	BUY	0.000200000000000000	69528.650000000000000000	0.000000200000000000	BTC	f	2026-11-23 03:29:20.905+00	0.013905730000000000
2	4	account-34d6548dedc6	sandbox_perpetual	BTC-USDT	4770227170	position	BUY	0.010000000000000000	69547.900000000000000000	0.347739500000000000	USDT	f	2026-11-23 03:29:22.118+00	0.347739500000000000
\.
COPY trading.funding_payment (id, account_name, connector_name, trading_pair, payment_id, amount, currency, rate, position_size, position_side, at) FROM stdin;
\.
COPY trading.leverage (account_name, connector_name, trading_pair, leverage) FROM stdin;
account-34d6548dedc6	sandbox_perpetual	BTC-USDT	5
\.
COPY trading.paper_account (account_name, connector_name, version, created_at) FROM stdin;
\.
COPY trading.paper_balance (account_name, connector_name, token, total, reserved) FROM stdin;
\.
COPY trading.paper_fill (id, order_id, trade_id, amount, price, fee, fee_currency, is_maker, model, at) FROM stdin;
\.
COPY trading.paper_market (account_name, connector_name, trading_pair, seen_at, seen_ids, bids, asks) FROM stdin;
\.
COPY trading.paper_order (id, account_name, connector_name, client_order_id, trading_pair, trade_type, order_type, time_in_force, amount, price, state, reserved, filled_amount, filled_quote, fills, queue_ahead, reason, created_at, updated_at) FROM stdin;
\.
COPY trading.position_mode (account_name, connector_name, mode) FROM stdin;
account-34d6548dedc6	sandbox_perpetual	ONEWAY
\.
COPY trading.risk_limit (account_name, max_order_notional, max_open_orders, max_daily_loss, max_orders_per_minute, allowed_pairs) FROM stdin;
account-34d6548dedc6	1000.000000000000000000	\N	200.000000000000000000	\N	\N
\.
COPY trading.trading_halt (account_name, reason, at) FROM stdin;
\.
COPY trading.trading_order (id, account_name, connector_name, client_order_id, exchange_order_id, trading_pair, trade_type, order_type, position_action, requested_amount, requested_price, amount, price, status, filled_amount, filled_quote, venue_filled_amount, fee_paid, fee_currency, error_message, settled, version, created_at, updated_at, time_in_force, venue_client_id, fee_quote) FROM stdin;
1	account-34d6548dedc6	sandbox	filled	1145	BTC-USDT	BUY	MARKET	OPEN	0.000200000000000000	\N	0.000200000000000000	\N	FILLED	0.000200000000000000	13.905730000000000000	0.000200000000000000	0.000000200000000000	BTC	\N	t	2	2026-11-23 03:29:20.784407+00	2026-11-23 03:29:20.995129+00	\N	filled	0.013905730000000000
2	account-34d6548dedc6	sandbox	open	1146	BTC-USDT	BUY	LIMIT	OPEN	0.000200000000000000	30000.000000000000000000	0.000200000000000000	30000.000000000000000000	OPEN	0.000000000000000000	0.000000000000000000	0.000000000000000000	0.000000000000000000	\N	\N	f	1	2026-11-23 03:29:21.032172+00	2026-11-23 03:29:21.06957+00	\N	open	0.000000000000000000
3	account-34d6548dedc6	sandbox	cancelled	1147	BTC-USDT	BUY	LIMIT	OPEN	0.000200000000000000	30000.000000000000000000	0.000200000000000000	30000.000000000000000000	CANCELLED	0.000000000000000000	0.000000000000000000	0.000000000000000000	0.000000000000000000	\N	\N	t	3	2026-11-23 03:29:21.081372+00	2026-11-23 03:29:21.138086+00	\N	cancelled	0.000000000000000000
4	account-34d6548dedc6	sandbox_perpetual	position	666	BTC-USDT	BUY	MARKET	OPEN	0.010000000000000000	\N	0.010000000000000000	\N	FILLED	0.010000000000000000	695.479000000000000000	0.010000000000000000	0.347739500000000000	USDT	\N	t	2	2026-11-23 03:29:22.108655+00	2026-11-23 03:29:22.130014+00	\N	position	0.347739500000000000
\.
SELECT pg_catalog.setval('accounts.outbox_id_seq', 2, true);
SELECT pg_catalog.setval('market_data.candle_download_id_seq', 1, true);
SELECT pg_catalog.setval('market_data.candle_series_id_seq', 1, true);
SELECT pg_catalog.setval('orchestration.bot_event_id_seq', 1, false);
SELECT pg_catalog.setval('orchestration.bot_job_id_seq', 1, false);
SELECT pg_catalog.setval('orchestration.bot_log_id_seq', 1, false);
SELECT pg_catalog.setval('orchestration.bot_run_id_seq', 1, false);
SELECT pg_catalog.setval('orchestration.controller_performance_id_seq', 1, false);
SELECT pg_catalog.setval('orchestration.outbox_id_seq', 1, false);
SELECT pg_catalog.setval('trading.fill_id_seq', 2, true);
SELECT pg_catalog.setval('trading.funding_payment_id_seq', 1, false);
SELECT pg_catalog.setval('trading.outbox_id_seq', 10, true);
SELECT pg_catalog.setval('trading.paper_fill_id_seq', 1, false);
SELECT pg_catalog.setval('trading.paper_order_id_seq', 1, false);
SELECT pg_catalog.setval('trading.trading_order_id_seq', 4, true);
ALTER TABLE ONLY accounts.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (name);
ALTER TABLE ONLY accounts.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY accounts.credential
    ADD CONSTRAINT credential_pkey PRIMARY KEY (account_name, connector_name);
ALTER TABLE ONLY accounts.outbox
    ADD CONSTRAINT outbox_message_id_key UNIQUE (message_id);
ALTER TABLE ONLY accounts.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY accounts.portfolio_snapshot
    ADD CONSTRAINT portfolio_snapshot_pkey PRIMARY KEY (taken_at);
ALTER TABLE ONLY market_data.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY market_data.candle_download
    ADD CONSTRAINT candle_download_pkey PRIMARY KEY (id);
ALTER TABLE ONLY market_data.candle_gap
    ADD CONSTRAINT candle_gap_pkey PRIMARY KEY (series_id, start_s);
ALTER TABLE ONLY market_data.candle_month
    ADD CONSTRAINT candle_month_pkey PRIMARY KEY (series_id, month);
ALTER TABLE ONLY market_data.candle_range
    ADD CONSTRAINT candle_range_pkey PRIMARY KEY (series_id, start_s);
ALTER TABLE ONLY market_data.candle_series
    ADD CONSTRAINT candle_series_connector_trading_pair_interval_key UNIQUE (connector, trading_pair, "interval");
ALTER TABLE ONLY market_data.candle_series
    ADD CONSTRAINT candle_series_pkey PRIMARY KEY (id);
ALTER TABLE ONLY market_data.rate_source
    ADD CONSTRAINT rate_source_pkey PRIMARY KEY (single);
ALTER TABLE ONLY orchestration.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY orchestration.bot_event
    ADD CONSTRAINT bot_event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY orchestration.bot_identity
    ADD CONSTRAINT bot_identity_pkey PRIMARY KEY (bot_name);
ALTER TABLE ONLY orchestration.bot_job
    ADD CONSTRAINT bot_job_pkey PRIMARY KEY (id);
ALTER TABLE ONLY orchestration.bot_log
    ADD CONSTRAINT bot_log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY orchestration.bot_problem
    ADD CONSTRAINT bot_problem_pkey PRIMARY KEY (bot_name, kind);
ALTER TABLE ONLY orchestration.bot_run
    ADD CONSTRAINT bot_run_bot_name_key UNIQUE (bot_name);
ALTER TABLE ONLY orchestration.bot_run
    ADD CONSTRAINT bot_run_pkey PRIMARY KEY (id);
ALTER TABLE ONLY orchestration.controller_performance
    ADD CONSTRAINT controller_performance_pkey PRIMARY KEY (id);
ALTER TABLE ONLY orchestration.outbox
    ADD CONSTRAINT outbox_message_id_key UNIQUE (message_id);
ALTER TABLE ONLY orchestration.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY trading.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY trading.fill
    ADD CONSTRAINT fill_pkey PRIMARY KEY (id);
ALTER TABLE ONLY trading.fill
    ADD CONSTRAINT fill_trade_id UNIQUE (order_id, trade_id);
ALTER TABLE ONLY trading.funding_payment
    ADD CONSTRAINT funding_payment_once UNIQUE (account_name, connector_name, trading_pair, payment_id);
ALTER TABLE ONLY trading.funding_payment
    ADD CONSTRAINT funding_payment_pkey PRIMARY KEY (id);
ALTER TABLE ONLY trading.leverage
    ADD CONSTRAINT leverage_pkey PRIMARY KEY (account_name, connector_name, trading_pair);
ALTER TABLE ONLY trading.outbox
    ADD CONSTRAINT outbox_message_id_key UNIQUE (message_id);
ALTER TABLE ONLY trading.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY trading.paper_account
    ADD CONSTRAINT paper_account_pkey PRIMARY KEY (account_name, connector_name);
ALTER TABLE ONLY trading.paper_balance
    ADD CONSTRAINT paper_balance_pkey PRIMARY KEY (account_name, connector_name, token);
ALTER TABLE ONLY trading.paper_fill
    ADD CONSTRAINT paper_fill_once UNIQUE (order_id, trade_id);
ALTER TABLE ONLY trading.paper_fill
    ADD CONSTRAINT paper_fill_pkey PRIMARY KEY (id);
ALTER TABLE ONLY trading.paper_market
    ADD CONSTRAINT paper_market_pkey PRIMARY KEY (account_name, connector_name, trading_pair);
ALTER TABLE ONLY trading.paper_order
    ADD CONSTRAINT paper_order_client_id UNIQUE (account_name, connector_name, client_order_id);
ALTER TABLE ONLY trading.paper_order
    ADD CONSTRAINT paper_order_pkey PRIMARY KEY (id);
ALTER TABLE ONLY trading.position_mode
    ADD CONSTRAINT position_mode_pkey PRIMARY KEY (account_name, connector_name);
ALTER TABLE ONLY trading.risk_limit
    ADD CONSTRAINT risk_limit_pkey PRIMARY KEY (account_name);
ALTER TABLE ONLY trading.trading_halt
    ADD CONSTRAINT trading_halt_pkey PRIMARY KEY (account_name);
ALTER TABLE ONLY trading.trading_order
    ADD CONSTRAINT trading_order_client_id UNIQUE (account_name, connector_name, client_order_id);
ALTER TABLE ONLY trading.trading_order
    ADD CONSTRAINT trading_order_pkey PRIMARY KEY (id);
CREATE UNIQUE INDEX candle_download_unfinished ON market_data.candle_download USING btree (connector, trading_pair, "interval", start_s, wanted_end_s) WHERE ((state)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying])::text[]));
CREATE INDEX bot_event_heard_at ON orchestration.bot_event USING btree (heard_at);
CREATE UNIQUE INDEX bot_event_message ON orchestration.bot_event USING btree (sequence, heard_at);
CREATE INDEX bot_event_of_bot ON orchestration.bot_event USING btree (bot_name, id);
CREATE UNIQUE INDEX bot_job_unfinished ON orchestration.bot_job USING btree (bot_name) WHERE ((state)::text = ANY ((ARRAY['queued'::character varying, 'running'::character varying])::text[]));
CREATE INDEX bot_log_heard_at ON orchestration.bot_log USING btree (heard_at);
CREATE UNIQUE INDEX bot_log_message ON orchestration.bot_log USING btree (sequence, heard_at);
CREATE INDEX bot_log_of_bot ON orchestration.bot_log USING btree (bot_name, id);
CREATE INDEX bot_run_asked_name ON orchestration.bot_run USING btree (asked_name);
CREATE INDEX bot_run_deployment_status ON orchestration.bot_run USING btree (deployment_status);
CREATE INDEX controller_performance_at ON orchestration.controller_performance USING btree (at, id);
CREATE INDEX controller_performance_of_bot ON orchestration.controller_performance USING btree (bot_name, controller_id, at, id);
CREATE INDEX fill_newest ON trading.fill USING btree (at, id);
CREATE INDEX fill_newest_of_account ON trading.fill USING btree (account_name, at, id);
CREATE INDEX fill_without_fee_quote ON trading.fill USING btree (account_name, connector_name) WHERE (fee_quote IS NULL);
CREATE INDEX funding_payment_newest ON trading.funding_payment USING btree (at, id);
CREATE INDEX funding_payment_newest_of_account ON trading.funding_payment USING btree (account_name, connector_name, at, id);
CREATE INDEX paper_order_open ON trading.paper_order USING btree (account_name, connector_name) WHERE ((state)::text = ANY ((ARRAY['NEW'::character varying, 'RESTING'::character varying])::text[]));
CREATE INDEX trading_order_active ON trading.trading_order USING btree (id) WHERE ((status)::text = ANY ((ARRAY['OPEN'::character varying, 'PARTIALLY_FILLED'::character varying, 'PENDING_CANCEL'::character varying, 'PENDING_CREATE'::character varying])::text[]));
CREATE INDEX trading_order_exchange_id ON trading.trading_order USING btree (account_name, connector_name, exchange_order_id);
CREATE INDEX trading_order_newest ON trading.trading_order USING btree (created_at, id);
CREATE INDEX trading_order_newest_in_state ON trading.trading_order USING btree (status, created_at, id);
CREATE INDEX trading_order_newest_of_account ON trading.trading_order USING btree (account_name, created_at, id);
CREATE INDEX trading_order_unclear ON trading.trading_order USING btree (account_name, connector_name) WHERE (((status)::text = ANY ((ARRAY['PENDING_CANCEL'::character varying, 'PENDING_CREATE'::character varying])::text[])) OR (filled_amount < venue_filled_amount));
CREATE INDEX trading_order_unsettled ON trading.trading_order USING btree (account_name, connector_name) WHERE (NOT settled);
ALTER TABLE ONLY accounts.credential
    ADD CONSTRAINT credential_account_name_fkey FOREIGN KEY (account_name) REFERENCES accounts.account(name) ON DELETE CASCADE;
ALTER TABLE ONLY market_data.candle_gap
    ADD CONSTRAINT candle_gap_series_id_fkey FOREIGN KEY (series_id) REFERENCES market_data.candle_series(id) ON DELETE CASCADE;
ALTER TABLE ONLY market_data.candle_month
    ADD CONSTRAINT candle_month_series_id_fkey FOREIGN KEY (series_id) REFERENCES market_data.candle_series(id) ON DELETE CASCADE;
ALTER TABLE ONLY market_data.candle_range
    ADD CONSTRAINT candle_range_series_id_fkey FOREIGN KEY (series_id) REFERENCES market_data.candle_series(id) ON DELETE CASCADE;
ALTER TABLE ONLY trading.fill
    ADD CONSTRAINT fill_order_id_fkey FOREIGN KEY (order_id) REFERENCES trading.trading_order(id);
ALTER TABLE ONLY trading.paper_fill
    ADD CONSTRAINT paper_fill_order_id_fkey FOREIGN KEY (order_id) REFERENCES trading.paper_order(id);
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
\unrestrict aviary
