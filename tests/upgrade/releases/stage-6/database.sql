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
CREATE TABLE backtesting.alembic_version (
    version_num character varying(32) NOT NULL
);
ALTER TABLE backtesting.alembic_version OWNER TO aviary_backtesting;
CREATE TABLE backtesting.candle_upload (
    digest character varying(32) NOT NULL,
    interval_s integer NOT NULL,
    rows bigint NOT NULL,
    start_s double precision NOT NULL,
    end_s double precision NOT NULL,
    used_at timestamp with time zone DEFAULT now() NOT NULL,
    content bytea NOT NULL
);
ALTER TABLE ONLY backtesting.candle_upload ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE backtesting.candle_upload OWNER TO aviary_backtesting;
CREATE TABLE backtesting.outbox (
    id bigint NOT NULL,
    message_id uuid NOT NULL,
    subject character varying NOT NULL,
    payload jsonb NOT NULL,
    request_id character varying NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE backtesting.outbox OWNER TO aviary_backtesting;
ALTER TABLE backtesting.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME backtesting.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE backtesting.result_part (
    run bigint NOT NULL,
    name character varying(32) NOT NULL,
    rows bigint NOT NULL,
    content bytea NOT NULL
);
ALTER TABLE ONLY backtesting.result_part ALTER COLUMN content SET STORAGE EXTERNAL;
ALTER TABLE backtesting.result_part OWNER TO aviary_backtesting;
CREATE TABLE backtesting.run (
    id bigint NOT NULL,
    run_id character varying(8) NOT NULL,
    kind character varying(8) NOT NULL,
    controller_name character varying(128) NOT NULL,
    config jsonb NOT NULL,
    start_s double precision NOT NULL,
    end_s double precision NOT NULL,
    resolution character varying(8) NOT NULL,
    mode character varying(16) NOT NULL,
    costs jsonb NOT NULL,
    min_coverage double precision NOT NULL,
    candles character varying(32),
    source jsonb,
    status character varying(16) NOT NULL,
    phase character varying(16),
    progress double precision DEFAULT 0 NOT NULL,
    error jsonb,
    worker character varying(128),
    attempt integer DEFAULT 0 NOT NULL,
    given_back integer DEFAULT 0 NOT NULL,
    heartbeat_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    saved boolean DEFAULT true NOT NULL,
    bytes bigint DEFAULT 0 NOT NULL,
    engine_version character varying(16),
    candle_digest character varying(64),
    digest character varying(64),
    summary jsonb,
    metrics jsonb,
    tables jsonb,
    coverage jsonb,
    warnings jsonb,
    balances jsonb DEFAULT '{}'::jsonb NOT NULL,
    funding_rate double precision,
    venue_terms jsonb
);
ALTER TABLE backtesting.run OWNER TO aviary_backtesting;
ALTER TABLE backtesting.run ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME backtesting.run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE backtesting.sweep (
    id bigint NOT NULL,
    sweep_id character varying(8) NOT NULL,
    controller_name character varying(128) NOT NULL,
    config jsonb NOT NULL,
    start_s double precision NOT NULL,
    end_s double precision NOT NULL,
    resolution character varying(8) NOT NULL,
    mode character varying(16) NOT NULL,
    costs jsonb NOT NULL,
    min_coverage double precision NOT NULL,
    candles character varying(32),
    space jsonb NOT NULL,
    method character varying(8) NOT NULL,
    trials bigint NOT NULL,
    seed bigint NOT NULL,
    objective character varying(32) NOT NULL,
    is_largest_best boolean NOT NULL,
    split jsonb NOT NULL,
    best integer NOT NULL,
    batch integer NOT NULL,
    status character varying(16) NOT NULL,
    next_index bigint DEFAULT 0 NOT NULL,
    done bigint DEFAULT 0 NOT NULL,
    invalid bigint DEFAULT 0 NOT NULL,
    alone boolean DEFAULT false NOT NULL,
    rate double precision,
    bytes bigint DEFAULT 0 NOT NULL,
    error jsonb,
    result jsonb,
    served_at timestamp with time zone DEFAULT to_timestamp((0)::double precision) NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    started_at timestamp with time zone,
    completed_at timestamp with time zone,
    balances jsonb DEFAULT '{}'::jsonb NOT NULL,
    funding_rate double precision,
    venue_terms jsonb
);
ALTER TABLE backtesting.sweep OWNER TO aviary_backtesting;
ALTER TABLE backtesting.sweep ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME backtesting.sweep_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE backtesting.sweep_shard (
    id bigint NOT NULL,
    sweep bigint NOT NULL,
    kind character varying(8) NOT NULL,
    first bigint NOT NULL,
    configs integer NOT NULL,
    points jsonb,
    status character varying(16) NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    given_back integer DEFAULT 0 NOT NULL,
    worker character varying(128),
    heartbeat_at timestamp with time zone DEFAULT now() NOT NULL,
    computed_s double precision,
    candle_digest character varying(64),
    block bytea
);
ALTER TABLE ONLY backtesting.sweep_shard ALTER COLUMN block SET STORAGE EXTERNAL;
ALTER TABLE backtesting.sweep_shard OWNER TO aviary_backtesting;
ALTER TABLE backtesting.sweep_shard ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME backtesting.sweep_shard_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE gateway_proxy.alembic_version (
    version_num character varying(32) NOT NULL
);
ALTER TABLE gateway_proxy.alembic_version OWNER TO aviary_gateway_proxy;
CREATE TABLE gateway_proxy.amm_position (
    id bigint NOT NULL,
    pool_address character varying(128) NOT NULL,
    network character varying(96) NOT NULL,
    connector character varying(64) NOT NULL,
    wallet_address character varying(128) NOT NULL,
    trading_pair character varying(160) NOT NULL,
    base_token character varying(80) NOT NULL,
    quote_token character varying(80) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    status character varying(16) NOT NULL,
    deposited_base_amount numeric(60,18) NOT NULL,
    deposited_quote_amount numeric(60,18) NOT NULL,
    withdrawn_base_amount numeric(60,18) NOT NULL,
    withdrawn_quote_amount numeric(60,18) NOT NULL,
    last_updated timestamp with time zone NOT NULL
);
ALTER TABLE gateway_proxy.amm_position OWNER TO aviary_gateway_proxy;
ALTER TABLE gateway_proxy.amm_position ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME gateway_proxy.amm_position_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE gateway_proxy.clmm_position (
    id bigint NOT NULL,
    position_address character varying(128) NOT NULL,
    pool_address character varying(128) NOT NULL,
    network character varying(96) NOT NULL,
    connector character varying(64) NOT NULL,
    wallet_address character varying(128) NOT NULL,
    trading_pair character varying(160) NOT NULL,
    base_token character varying(80) NOT NULL,
    quote_token character varying(80) NOT NULL,
    base_token_address character varying(128) NOT NULL,
    quote_token_address character varying(128) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    status character varying(16) NOT NULL,
    lower_price numeric(60,18) NOT NULL,
    upper_price numeric(60,18) NOT NULL,
    lower_bin_id integer,
    upper_bin_id integer,
    entry_price numeric(60,18),
    current_price numeric(60,18),
    percentage numeric(24,6),
    initial_base_token_amount numeric(60,18) NOT NULL,
    initial_quote_token_amount numeric(60,18) NOT NULL,
    position_rent numeric(60,18),
    base_token_amount numeric(60,18) NOT NULL,
    quote_token_amount numeric(60,18) NOT NULL,
    withdrawn_base_amount numeric(60,18) NOT NULL,
    withdrawn_quote_amount numeric(60,18) NOT NULL,
    base_fee_collected numeric(60,18) NOT NULL,
    quote_fee_collected numeric(60,18) NOT NULL,
    base_fee_pending numeric(60,18) NOT NULL,
    quote_fee_pending numeric(60,18) NOT NULL,
    last_updated timestamp with time zone NOT NULL
);
ALTER TABLE gateway_proxy.clmm_position OWNER TO aviary_gateway_proxy;
ALTER TABLE gateway_proxy.clmm_position ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME gateway_proxy.clmm_position_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE gateway_proxy.gateway_transaction (
    id bigint NOT NULL,
    kind character varying(16) NOT NULL,
    chain character varying(32) NOT NULL,
    network character varying(64) NOT NULL,
    connector character varying(64),
    wallet character varying(128) NOT NULL,
    path character varying(256) NOT NULL,
    request jsonb NOT NULL,
    about jsonb NOT NULL,
    before jsonb NOT NULL,
    result jsonb,
    state character varying(16) NOT NULL,
    in_flight boolean NOT NULL,
    answered boolean NOT NULL,
    hash character varying(128),
    fee numeric(60,18),
    fee_token character varying(32),
    error character varying,
    owner character varying(64) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone,
    settled_at timestamp with time zone,
    look_at timestamp with time zone NOT NULL
);
ALTER TABLE gateway_proxy.gateway_transaction OWNER TO aviary_gateway_proxy;
ALTER TABLE gateway_proxy.gateway_transaction ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME gateway_proxy.gateway_transaction_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE gateway_proxy.outbox (
    id bigint NOT NULL,
    message_id uuid NOT NULL,
    subject character varying NOT NULL,
    payload jsonb NOT NULL,
    request_id character varying NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);
ALTER TABLE gateway_proxy.outbox OWNER TO aviary_gateway_proxy;
ALTER TABLE gateway_proxy.outbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME gateway_proxy.outbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE gateway_proxy.position_event (
    id bigint NOT NULL,
    transaction_id bigint,
    pool_type character varying(8) NOT NULL,
    event_type character varying(24) NOT NULL,
    "timestamp" timestamp with time zone NOT NULL,
    network character varying(96) NOT NULL,
    connector character varying(64) NOT NULL,
    wallet_address character varying(128) NOT NULL,
    pool_address character varying(128) NOT NULL,
    position_address character varying(128),
    trading_pair character varying(160) NOT NULL,
    transaction_hash character varying(128),
    base_token_amount numeric(60,18),
    quote_token_amount numeric(60,18),
    base_fee_collected numeric(60,18),
    quote_fee_collected numeric(60,18),
    gas_fee numeric(60,18),
    gas_token character varying(32),
    status character varying(16) NOT NULL,
    state character varying(16) NOT NULL,
    error_message character varying
);
ALTER TABLE gateway_proxy.position_event OWNER TO aviary_gateway_proxy;
ALTER TABLE gateway_proxy.position_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME gateway_proxy.position_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE gateway_proxy.swap (
    id bigint NOT NULL,
    transaction_id bigint,
    transaction_hash character varying(128),
    "timestamp" timestamp with time zone NOT NULL,
    network character varying(96) NOT NULL,
    connector character varying(64) NOT NULL,
    trading_type character varying(16) NOT NULL,
    wallet_address character varying(128) NOT NULL,
    trading_pair character varying(160) NOT NULL,
    base_token character varying(80) NOT NULL,
    quote_token character varying(80) NOT NULL,
    side character varying(4) NOT NULL,
    amount numeric(60,18) NOT NULL,
    input_amount numeric(60,18),
    output_amount numeric(60,18),
    price numeric(60,18),
    slippage_pct numeric(10,6),
    gas_fee numeric(60,18),
    gas_token character varying(32),
    status character varying(16) NOT NULL,
    state character varying(16) NOT NULL,
    pool_address character varying(128),
    quote_id character varying(128),
    error_message character varying
);
ALTER TABLE gateway_proxy.swap OWNER TO aviary_gateway_proxy;
ALTER TABLE gateway_proxy.swap ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME gateway_proxy.swap_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
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
master_account	2026-11-23 03:30:16.857665+00
account-981417744f7a	2026-11-23 03:30:22.709601+00
\.
COPY accounts.alembic_version (version_num) FROM stdin;
0002
\.
COPY accounts.credential (account_name, connector_name, sealed, updated_at) FROM stdin;
account-981417744f7a	sandbox	{"cost": 32768, "salt": "5IR+VEQZy7FE0ZjP1QgEQw==", "fields": {"sandbox_api_key": "bxDi3BdNkV0jG79JbmpEgBbO5yDmI44bA3zDCegUvDs1BqyqexjOld5XHKI=", "sandbox_api_secret": "k4tdl37zBAObLwykkvUeJ9NtQHgaInANqaHEPBdEoSO0/fvTDzWByWKEbs+fnUsjOgl7"}, "version": 1, "wrapped_key": "fLVw03XvX5VeXcY7yxAtYJbad+bE4NAZry2kZa5NDBoPrOzb8UyUCVG1JDwmvJM5R+yrduvHWxXdgmzG"}	2026-11-23 03:30:23.630523+00
account-981417744f7a	sandbox_perpetual	{"cost": 32768, "salt": "K/xu2cKzYpUNFOPSl+Y88Q==", "fields": {"sandbox_perpetual_api_key": "nfPjqJkTHqLwaCuTLOeNEYa/BJr1YCVMADTiTDPvvZNB0W2nJIkxJmX3u7o=", "sandbox_perpetual_api_secret": "+lAAgiIXK3zEGAWfLkhgGqYCUDWu6mkugEWxBWW2soCh6uCzdNWEZmRAGjljjISHDhG8"}, "version": 1, "wrapped_key": "PeexYXe8lOvM12SWYAHFCtapx8y4JuK7sxUXHd3dEs2s4uQeuPflvbPk5YKjjWgeY6zDGWa1sSJCkbX9"}	2026-11-23 03:30:26.307366+00
\.
COPY accounts.portfolio_snapshot (taken_at, scope, state, gaps) FROM stdin;
\.
COPY backtesting.alembic_version (version_num) FROM stdin;
0003
\.
COPY backtesting.candle_upload (digest, interval_s, rows, start_s, end_s, used_at, content) FROM stdin;
\.
COPY backtesting.result_part (run, name, rows, content) FROM stdin;
1	executors	3	\\x5041523115041530153a4c15061500000028b52ffd2018a5000060000001000200000000000000020060e00160011500151415262c1506151015061506000028b52ffd200a51000002000000060102032400150419350006101918066e756d626572150c1606168001169c01265c2608001504151015224c15021500000028b52ffd200841000001000000000000001500151015222c1506151015061506000028b52ffd200841000002000000060100031504193500061019180874656d706c617465150c1606165c168001269e0226e201001504151015224c15021500000028b52ffd200841000002000000000000001500151015222c1506151015061506000028b52ffd200841000002000000060100031504193500061019180473696465150c1606165c16800126e20326a603001504151015224c15021500000028b52ffd200841000005000000000000001500151015222c1506151015061506000028b52ffd200841000002000000060100031504193500061019180a636c6f73655f74797065150c1606165c168001269e0526e2040015041530153a4c15061500000028b52ffd2018a500006026002c003b00000000000000020060e00160011500151415262c1506151015061506000028b52ffd200a510000020000000601020324001504193500061019180b637265617465645f726f77150c1606168001169c0126fe0626aa060015041530153a4c15061500000028b52ffd2018a5000060ffff27002d00000000000000020060e00160011500151415262c1506151015061506000028b52ffd200a510000020000000601020309001504193500061019180866696c6c5f726f77150c1606168001169c0126e608269208001504151015224c15021500000028b52ffd20084100003b000000000000001500151015222c1506151015061506000028b52ffd2008410000020000000601000315041935000610191807656e645f726f77150c1606165c16800126b00a26f409001500153c154e2c1506150015061506000028b52ffd201ef1000002000000060100000093ebc0da41000000edebc0da41000000ceecc0da41150a19250006191809637265617465645f73150c1606165e167026b60b001500153c153a2c1506150015061506000028b52ffd201ea5000070020000000601000000ceecc0da410100438a12150a19250006191808636c6f7365645f73150c1606165e165c26e20c001500153c154e2c1506150015061506000028b52ffd201ef10000020000000601000000a2ebc0da41000000fcebc0da410000000000000000150a1925000619180666696c6c5f73150c1606165e167026f80d001500153c153a2c1506150015061506000028b52ffd201ea500007002000000060179e9263108ac7c3f0100438a12150a19250006191806616d6f756e74150c1606165e165c269e0f001500153c154e2c1506150015061506000028b52ffd201ef1000002000000060166666666c6e0f04033333333cbe4f040cdcccccc9cf9f040150a1925000619180b656e7472795f7072696365150c1606165e167026b010001500153c152c2c1506150015061506000028b52ffd201e6d000038020000000601000100353002150a19250006191810656e7472795f70726963655f72657374150c1606165e164e26e011001500153c154e2c1506150015061506000028b52ffd201ef1000002000000060190dac4c957e0f040614f3b7c5ce4f0400000000000000000150a1925000619180a66696c6c5f7072696365150c1606165e167026f812001500153c154e2c1506150015061506000028b52ffd201ef10000020000000601a9c1340c0cfaf040a9c1340c0cfaf040cdcccccc9cf9f040150a1925000619180b636c6f73655f7072696365150c1606165e167026a614001500153c154e2c1506150015061506000028b52ffd201ef10000020000000601ca6c8899994c7dbf00dee459d77779bf0000000000000000150a1925000619180b6e65745f706e6c5f706374150c1606165e167026d615001500153c154e2c1506150015061506000028b52ffd201ef100000200000006017752d330a1b00bc036bcce55781708c00000000000000000150a1925000619180d6e65745f706e6c5f71756f7465150c1606165e1670268617001500153c154e2c1506150015061506000028b52ffd201ef100000200000006018cfc0e55dea2e23fb415eba114a5e23f0000000000000000150a1925000619180a666565735f71756f7465150c1606165e167026ba18001500153c154e2c1506150015061506000028b52ffd201ef100000200000006010c0f71de15558e40a94adf94af588e400000000000000000150a1925000619180c66696c6c65645f71756f7465150c1606165e167026e819001504152a153c4c15021500000028b52ffd2015a9000011000000706f736974696f6e5f6578656375746f721500151015222c1506151015061506000028b52ffd20084100000200000006010003150c193500061019180474797065150c16061676169a0126f01b269a1b001504150015124c15001500000028b52ffd20000100001500150e15202c1506151015061506000028b52ffd200739000002000000030000150c19350006101918086c6576656c5f6964150c1606164a166e269c1d26f01c001504152a153c4c15021500000028b52ffd2015a900001100000073616e64626f785f70657270657475616c1500151015222c1506151015061506000028b52ffd20084100000200000006010003150c193500061019180e636f6e6e6563746f725f6e616d65150c16061676169a0126f61e26a01e0015041518152a4c15021500000028b52ffd200c610000080000004254432d555344541500151015222c1506151015061506000028b52ffd20084100000200000006010003150c193500061019180c74726164696e675f70616972150c1606166416880126ce20268a2000191c165c154816000000191c169e02154416000000191c16e203154416000000191c169e05154416000000191c16fe06154816000000191c16e608154816000000191c16b00a154416000000191c16b60b157016000000191c16e20c155c16000000191c16f80d157016000000191c169e0f155c16000000191c16b010157016000000191c16e011154e16000000191c16f812157016000000191c16a614157016000000191c16d615157016000000191c168617157016000000191c16ba18157016000000191c16e819157016000000191c16f01b154416000000191c169c1d154216000000191c16f61e154416000000191c16ce20154416000000150219fc184804726f6f74152e001504250218066e756d6265720015042502180874656d706c61746500150425021804736964650015042502180a636c6f73655f747970650015042502180b637265617465645f726f770015042502180866696c6c5f726f7700150425021807656e645f726f7700150a25021809637265617465645f7300150a25021808636c6f7365645f7300150a2502180666696c6c5f7300150a25021806616d6f756e7400150a2502180b656e7472795f707269636500150a25021810656e7472795f70726963655f7265737400150a2502180a66696c6c5f707269636500150a2502180b636c6f73655f707269636500150a2502180b6e65745f706e6c5f70637400150a2502180d6e65745f706e6c5f71756f746500150a2502180a666565735f71756f746500150a2502180c66696c6c65645f71756f746500150c250218047479706525004c1c000000150c250218086c6576656c5f696425004c1c000000150c2502180e636f6e6e6563746f725f6e616d6525004c1c000000150c2502180c74726164696e675f7061697225004c1c0000001606191c19fc1726f8011c150419350006101918066e756d626572150c1606168001169c01265c26080016de21151400269e031c1504193500061019180874656d706c617465150c1606165c168001269e0226e2010016f22115160026e2041c1504193500061019180473696465150c1606165c16800126e20326a60300168822151600269e061c1504193500061019180a636c6f73655f74797065150c1606165c168001269e0526e20400169e22151600269a081c1504193500061019180b637265617465645f726f77150c1606168001169c0126fe0626aa060016b42215160026820a1c1504193500061019180866696c6c5f726f77150c1606168001169c0126e6082692080016ca2215160026b00b1c15041935000610191807656e645f726f77150c1606165c16800126b00a26f4090016e02215160026a60c1c150a19250006191809637265617465645f73150c1606165e167026b60b0016f62215160026be0d1c150a19250006191808636c6f7365645f73150c1606165e165c26e20c00168c2315160026e80e1c150a1925000619180666696c6c5f73150c1606165e167026f80d0016a22315160026fa0f1c150a19250006191806616d6f756e74150c1606165e165c269e0f0016b82315160026a0111c150a1925000619180b656e7472795f7072696365150c1606165e167026b0100016ce2315160026ae121c150a19250006191810656e7472795f70726963655f72657374150c1606165e164e26e0110016e42315160026e8131c150a1925000619180a66696c6c5f7072696365150c1606165e167026f8120016fa231516002696151c150a1925000619180b636c6f73655f7072696365150c1606165e167026a6140016902415160026c6161c150a1925000619180b6e65745f706e6c5f706374150c1606165e167026d6150016a62415160026f6171c150a1925000619180d6e65745f706e6c5f71756f7465150c1606165e16702686170016bc2415160026aa191c150a1925000619180a666565735f71756f7465150c1606165e167026ba180016d22415160026d81a1c150a1925000619180c66696c6c65645f71756f7465150c1606165e167026e8190016e824151600268a1d1c150c193500061019180474797065150c16061676169a0126f01b269a1b0016fe24151600268a1e1c150c19350006101918086c6576656c5f6964150c1606164a166e269c1d26f01c001694251516002690201c150c193500061019180e636f6e6e6563746f725f6e616d65150c16061676169a0126f61e26a01e0016aa2515160026d6211c150c193500061019180c74726164696e675f70616972150c1606166416880126ce20268a200016c02515160016f2111606260816f415140000191c180c4152524f573a736368656d6118c00d2f2f2f2f2f776346414141454141414138762f2f2f78514141414145414145414141414b414173414341414b414151412b502f2f2f7777414141414941416741414141454142634141414351424141415741514141435145414144734177414174414d4141487744414142494177414145414d41414e7743414143734167414166414941414567434141414d4167414132414541414b514241414277415141414f414541414151424141444d414141416e41414141477741414141344141414142414141414c6a372f2f38594141414145414141414167414141414246414141414141414148442f2f2f384d4141414164484a685a476c755a31397759576c7941414141414f6a372f2f3859414141414541414141416741414141424641414141414141414b442f2f2f384f4141414159323975626d566a64473979583235686257554141426a382f2f3859414141414541414141416741414141424641414141414141414e442f2f2f384941414141624756325a577866615751414141414152507a2f2f7877414141415141414141434141414141455541414141414141412f502f2f2f775141424141454141414164486c775a514141414142772f502f2f4841414141424141414141494141414141514d4141414141414144692f662f2f41674141414177414141426d615778735a57526663585676644755414141414170507a2f2f7877414141415141414141434141414141454441414141414141414676372f2f7749414141414b414141415a6d566c63313978645739305a51414131507a2f2f7877414141415141414141434141414141454441414141414141415276372f2f7749414141414e41414141626d56305833427562463978645739305a51414141416a392f2f38634141414145414141414167414141414241774141414141414148722b2f2f384341414141437741414147356c64463977626d786663474e3041446a392f2f3863414141414541414141416741414141424177414141414141414b722b2f2f3843414141414377414141474e7362334e6c5833427961574e6c41476a392f2f3863414141414541414141416741414141424177414141414141414e722b2f2f3843414141414367414141475a706247786663484a7059325541414a6a392f2f38634141414145414141414167414141414241774141414141414141722f2f2f384341414141454141414147567564484a355833427961574e6c58334a6c63335141414141413050332f2f78774141414151414141414341414141414544414141414141414151762f2f2f7749414141414c414141415a573530636e6c6663484a70593255414150372f2f78774141414151414141414341414141414544414141414141414163762f2f2f77494141414147414141415957317664573530414141732f762f2f4841414141424141414141494141414141514d4141414141414143652f2f2f2f41674141414159414141426d6157787358334d4141466a2b2f2f3863414141414541414141416741414141424177414141414141414d722f2f2f3843414141414341414141474e7362334e6c5a46397a4141414141496a2b2f2f38674141414145414141414167414141414241774141414141414150722f2f2f3843414159414267414541416b414141426a636d56686447566b58334d41414143382f762f2f494141414142414141414149414141414151494141414141414143302f762f2f514141414141454141414148414141415a57356b58334a76647744732f762f2f4941414141424141414141494141414141514941414141414141446b2f762f2f514141414141454141414149414141415a6d6c7362463979623363414141414149502f2f2f79414141414151414141414341414141414543414141414141414147502f2f2f30414141414142414141414377414141474e795a5746305a575266636d39334146542f2f2f386741414141454141414141674141414142416741414141414141457a2f2f2f3941414141414151414141416f414141426a6247397a5a5639306558426c414143492f2f2f2f494141414142414141414149414141414151494141414141414143412f2f2f2f5141414141414541414141454141414163326c6b5a514141414143342f2f2f2f494141414142414141414149414141414151494141414141414143772f2f2f2f514141414141454141414149414141416447567463477868644755414141414137502f2f2f7a674141414167414141414741414141414543414141514142494142414151414245414341414141417741414141414150542f2f2f39414141414141514141414167414351414541416741426741414147353162574a6c6367413d00184e506f6c6172732028707974686f6e292076657273696f6e20322e312e3020286275696c6420376639303262643366666432376666383264313432373861303961323935666632663761656439322919fc171c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c000000f60c000050415231
1	positions	0	\\x504152311502191c4804726f6f741500001600190c191c180c4152524f573a736368656d61184c2f2f2f2f2f7a4141414141454141414138762f2f2f78514141414145414145414141414b414173414341414b414151412b502f2f2f777741414141494141674141414145414141414141413d00184e506f6c6172732028707974686f6e292076657273696f6e20322e312e3020286275696c64203766393032626433666664323766663832643134323738613039613239356666326637616564393229190c00c300000050415231
1	series	60	\\x50415231150015cc0715d4022c1578150015061506000028b52ffd60e600050500340502000000780100000059e9c0da4100000068778695a4b3c2d1e0effe0dea1c2b3a495867768594a3b2c1d0dfeefd0ceb1b2a39485766758493a2b1c0cfdeedfc0bec1a2938475665748392a1b0bfceecc0da413a20e0d759f26596255f6659f26596255f66a365c99759967c99c9922fb32cf932cb922fb32c066696255f6659f26596259fccb2e4cb2c4bbecc46cb922fb32cf932cb922f339c8565290c150a1925000619180974696d657374616d70150c167816f20716fa02260800150015cc0715402c1578150015061506000028b52ffd60e600b500007802000000780100560751c30ce419c00100d42a3002150a192500061918156578656375746f725f7265616c697a65645f706e6c150c167816f007166426c00300150015cc0715302c1578150015061506000028b52ffd60e60075000038020000007801000100dc2a3002150a19250006191815706f736974696f6e5f7265616c697a65645f706e6c150c167816f007165426fa0400150015cc0715302c1578150015061506000028b52ffd60e60075000038020000007801000100dc2a3002150a19250006191817706f736974696f6e5f756e7265616c697a65645f706e6c150c167816f007165426a40600150015cc0715402c1578150015061506000028b52ffd60e600b500007802000000780100560751c30ce419c00100d42a3002150a19250006191809746f74616c5f706e6c150c167816f007166426d20700150015cc07154a2c1578150015061506000028b52ffd60e600dd00006802000000780100f03f0000400004000ca478a504200c1d151801150a192500061918106163746976655f6578656375746f7273150c167816f007166e26f40800150015cc0715402c1578150015061506000028b52ffd60e600b500007802000000780100da2ca8b9e2569e400100d42a3002150a1925000619181163756d756c61746976655f766f6c756d65150c167816f007166426ae0a00150015cc071580032c1578150015061506000028b52ffd60e600b50500e40a02000000780100949a3645b1d4bf00e0964fb888dfbf00ecd3ea0d28d7bf0058348f8759cfbf0008b64325dfd4bf0080d6dc023ee9bf004a5c7a2530f3bf0048cbfb29f5f4bf00980e037812ecbf00dcc4f675e7e4bf004475edfc42f1bf00f65f61b258f6bf009ed928dc92fcbf002278f68662f8bf009115b9bc8907c000b9b5426d6b09c0806db79ffa2f10c00088ad9650110ec00043c1071d1c15c080d0a5fa3c6e18c0560751c30ce419c00100352a3002150a19250006191806657175697479150c167816f20716a60326e00b00150015cc071580032c1578150015061506000028b52ffd60e600b50500e40a02000000780100949a3645b1d4bf00e0964fb888dfbf00ecd3ea0d28d7bf0058348f8759cfbf0008b64325dfd4bf0080d6dc023ee9bf004a5c7a2530f3bf0048cbfb29f5f4bf00980e037812ecbf00dcc4f675e7e4bf004475edfc42f1bf00f65f61b258f6bf009ed928dc92fcbf002278f68662f8bf009115b9bc8907c000b9b5426d6b09c0806db79ffa2f10c00088ad9650110ec00043c1071d1c15c080d0a5fa3c6e18c0560751c30ce419c00100352a3002150a1925000619180864726177646f776e150c167816f20716a60326c00f00191c160815fa0216000000191c16c003156416000000191c16fa04155416000000191c16a406155416000000191c16d207156416000000191c16f408156e16000000191c16ae0a156416000000191c16e00b15a60316000000191c16c00f15a60316000000150219ac4804726f6f74151200150a2502180974696d657374616d7000150a250218156578656375746f725f7265616c697a65645f706e6c00150a25021815706f736974696f6e5f7265616c697a65645f706e6c00150a25021817706f736974696f6e5f756e7265616c697a65645f706e6c00150a25021809746f74616c5f706e6c00150a250218106163746976655f6578656375746f727300150a2502181163756d756c61746976655f766f6c756d6500150a2502180665717569747900150a2502180864726177646f776e001678191c199c2682031c150a1925000619180974696d657374616d70150c167816f20716fa0226080016a41315160026a4041c150a192500061918156578656375746f725f7265616c697a65645f706e6c150c167816f007166426c0030016ba1315160026ce051c150a19250006191815706f736974696f6e5f7265616c697a65645f706e6c150c167816f007165426fa040016d01315160026f8061c150a19250006191817706f736974696f6e5f756e7265616c697a65645f706e6c150c167816f007165426a4060016e61315160026b6081c150a19250006191809746f74616c5f706e6c150c167816f007166426d2070016fc1315160026e2091c150a192500061918106163746976655f6578656375746f7273150c167816f007166e26f4080016921415160026920b1c150a1925000619181163756d756c61746976655f766f6c756d65150c167816f007166426ae0a0016a81415160026860f1c150a19250006191806657175697479150c167816f20716a60326e00b0016be1415180026e6121c150a1925000619180864726177646f776e150c167816f20716a60326c00f0016d61415180016f6461678260816880e140000191c180c4152524f573a736368656d611894062f2f2f2f2f305943414141454141414138762f2f2f78514141414145414145414141414b414173414341414b414151412b502f2f2f77774141414149414167414141414541416b4141414455415141416c41454141465142414141554151414134414141414b51414141426f414141414f41414141415141414141382f762f2f4841414141424141414141494141414141514d4141414141414141362f762f2f41674141414167414141426b636d46335a47393362674141414142732f762f2f4841414141424141414141494141414141514d4141414141414142712f762f2f41674141414159414141426c6358567064486b41414a6a2b2f2f3863414141414541414141416741414141424177414141414141414a622b2f2f3843414141414551414141474e316258567359585270646d5666646d39736457316c414141413050372f2f7877414141415141414141434141414141454441414141414141417a76372f2f774941414141514141414159574e3061585a6c583256345a574e316447397963774141414141492f2f2f2f4841414141424141414141494141414141514d4141414141414141472f2f2f2f4167414141416b41414142306233526862463977626d7741414141342f2f2f2f4841414141424141414141494141414141514d4141414141414141322f2f2f2f41674141414263414141427762334e7064476c76626c3931626e4a6c59577870656d566b58334275624142302f2f2f2f4841414141424141414141494141414141514d4141414141414142792f2f2f2f41674141414255414141427762334e7064476c76626c39795a5746736158706c5a463977626d7741414143772f2f2f2f4841414141424141414141494141414141514d4141414141414143752f2f2f2f41674141414255414141426c6547566a64585276636c39795a5746736158706c5a463977626d7741414144732f2f2f2f4d41414141434141414141594141414141514d41414241414567414541424141455141494141414144414141414141412b762f2f2f774941426741474141514143514141414852706257567a644746746341413d00184e506f6c6172732028707974686f6e292076657273696f6e20322e312e3020286275696c64203766393032626433666664323766663832643134323738613039613239356666326637616564393229199c1c00001c00001c00001c00001c00001c00001c00001c00001c0000001b06000050415231
1	reference	0	\\x504152311502191c4804726f6f741500001600190c191c180c4152524f573a736368656d61184c2f2f2f2f2f7a4141414141454141414138762f2f2f78514141414145414145414141414b414173414341414b414151412b502f2f2f777741414141494141674141414145414141414141413d00184e506f6c6172732028707974686f6e292076657273696f6e20322e312e3020286275696c64203766393032626433666664323766663832643134323738613039613239356666326637616564393229190c00c300000050415231
1	position_series	0	\\x504152311502191c4804726f6f741500001600190c191c180c4152524f573a736368656d61184c2f2f2f2f2f7a4141414141454141414138762f2f2f78514141414145414145414141414b414173414341414b414151412b502f2f2f777741414141494141674141414145414141414141413d00184e506f6c6172732028707974686f6e292076657273696f6e20322e312e3020286275696c64203766393032626433666664323766663832643134323738613039613239356666326637616564393229190c00c300000050415231
1	features	60	\\x50415231150015cc0715b6042c1578150015061506000028b52ffd60e6008d0800e409020000007801333333337bc2f04066666666bec5f0409a999999d9fec1f0400000000030c136c0f040cdcccccc94c048c1f04033333333f3c01bbff9bb06c2b0c34ec3dcc234c77cc9fcc4dbcb76cf7ece71d04cd146cd53cd30ced3c3d949da0cd8bbd3264ed2a6d3140cd29bd58bdec6e0a3e026e2fbe0f0dfa9cbe41ce5e5ace393e4fee5bbe790e6e4ecf1edd3f189f051f7f0406666666606fbf0403520902263e70373e069e007de3ef06260076ee0a9818373d8338e8391dbc6684b594c36f0a2811b7832f03e706ab00922d6812707cecc5647dba32d66317ce07de006de1db80fb6e6b632daec68fb68abd1b68f368e361f6d61b4466bb431daa33d9aa339daa0d1f6d1d78118e8c9e018150a192500061918046f70656e150c167816f20716dc04260800150015cc0715b8042c1578150015061506000028b52ffd60e600950800340a02000000780100000000e8c5f04033333333bbc6f04066666666f6c32bc22ec243c1f0400000000078c126c2687ebf96c2f040cdccccccccc3bcc376c3c0c7abcaf0409a999999a1c9dccc38d0b9cf94d016d293d28ececbce04d48eda6edb60aed8ded396d2f0409a99999921d429a1d3a0d601dab3defee00ee191e2cbe2f6b1e04ce51ce550e6b9e5e3e399e5f1e676e8c6aeedecee00f3fbf296f84cfc48fcf0403520c0a23af306f6c0e38107076ee0e581ce6c8eb678b471b439daa335dab6d1d647db34da9685813ff0c0c0dbc0fb81570f3c0fbc1f283346d7c07be024b349a38dd11a6d3d9aa34d46db196d6834465b8c3630da7af4c9034f06de06f64033f0ccc6a32da31bd88199c13b01150a1925000619180468696768150c167816f20716de0426980500150015cc0715ba042c1578150015061506000028b52ffd60e6009d0800240a020000007801666666662ec2f0409a99999971c2f040cdcccccc04c1f04033333333c3c06bbf2bbf3cc0b4c0f0400000000060be31bb4363c1a11cc2f0406666666696c143c678c49ec40ccb3ece48ced0d6ccdcace4cdb1d254d92ed7c9d2f1cfeed08bd156d2e8d009d1d449d923de84df20e0f8df06df3bdf1ce098e388e4fbe23ce23be28ee4e9e44ce51ce6cbeb71ed2cf07befb4f6f04000000000b8f8f040352090a2b23de3c0cbc00f3c18786de019787ce0b9030f0c3c0dfcc083811db8810fbc1c7872e03df07ce0f1816706ce83cd6d79b4b9d134dac6689bd1d6d196d11c4da3cd8c962c93effac065b0496ee3d18cb63cda6eb481d11abd29b3dd683b8bf5c0c3065a038f06dec0dc809f150a192500061918036c6f77150c167816f20716e00426ac0a00150015cc0715ba042c1578150015061506000028b52ffd60e6009d0800f40902000000780166666666bec5f0409a999999d9c2f04066666666fec1f0400000000030c136c0f040cdcccccc94c048c1f04033333333f3c01bbff9bb06c2b0c34ec3dcc234c77cc9fcc4dbcb76cf7ece71d04cd146cd53cd30ced3c3d949da0cd8bbd3264ed2a6d3140cd29bd58bdec6e0a3e026e2fbe0f0dfa9cbe41ce5e5ace393e4fee5bbe790e6e4ecf1edd3f189f051f706fbf040cdcccccc9cf9f0403520902263e7030303af03cf0337f0d6c0cb811998034f0c1c9ac3cc380d766edb475b6431fdc08b066ee0c9c0fbc0a9c1268858079e1c38335b1d6d8fb698c5f081f7811b7877e03ed89adbca68b3a3eda3ad46db3eda38da7cb485d11aadd1c6688ff6688ee6688346db475f07e20cf009150a19250006191805636c6f7365150c167816f20716e00426c00f00150015cc0715ac062c1578150015061506000028b52ffd60e600650c005415020000007801df4f8d976e12c33f62105839b4c8c63f5c8fc2f5285ccf3fcdcc3fc1caa145b6f3cd3f5839b4c876bebf3fdbf97e6abc74c33f79e9263108acbc3f9a9999999999d13f46b6f3fdd478c93f5eba490c022bc72db29defa7c6cbd1223f52b81e85eb51c83f8716d9cef753c33fd9cef753e3a5bba4703d0ad7a3c0bd3fcba145b6f3fdc43fbe9f1a2fdd24c63f508d976e1283c03f87c63f0e3fc976be9f1a2fcd3fcff753e3a59bc43fd7a3703d0ad7c33f48e17a14ae47d13ff0a7c64b3789c13f29cc3f00d03f4c37894160e5c03f33c3f4fdd478e926c13f103f54e3a59bc420c03fb4c876be9f1acf3f0c022b8716d9ce3fd578e9263108cc3f8195438b6ce7bb3f894160e5d0223f355eba490cc23fe5d022dbf97eca3fc74b37894160c51283c0caa145c63fae47e17a14aec73f91ed7c3f355eca3f931804560e2dc23fdd2406819543cb295c8fc2f528cc3f14005b10581902be527e2b0177b6b40fec2e0c3b640f642d55029cc7db10db446163b272dc31b0bc59428d96db66968d4b15c4059e150a19250006191806766f6c756d65150c167816f20716d20626d81400150015cc0715d4022c1578150015061506000028b52ffd60e60005050034050200000078010000004ae9c0da410000005968778695a4b3c2d1e0effe0dea1c2b3a495867768594a3b2c1d0dfeefd0ceb1b2a39485766758493a2b1c0cfdeedfc0bec1a2938475665748392a1b0bfecc0da413a20e0d759f26596255f6659f2659625df819965c99759967c99c9922fb32cf932cb922fb3d1b2e4cb2c4bbeccb2e4cb2c8b7c9965c99759160333cb922fb32cf932cb922f339c8565290c150a1925000619180974696d657374616d70150c167816f20716fa0226e41b00150015cc0715e0022c1578150015061506000028b52ffd60e600350500940702000000780141c04ae4f0a7f04087c06e8939a897294f5386ecdac627791bae277f8a8d98be4e95573bbcc0a510c63bbbb4eb599634d5617f0bfdece41cdc1208a9a5e02b215ff867842f69da3f9e0c1283a7b9cba8c3f85af05ae52b8bb9f9a75ae4f2148a18f361c5e8a68ae8ecb338fac2ca7617a5f040140020d1c02b20d1c02b20d1c02b20d120d18026c02b20d120d120d120d120d120d120d120d1c017238a12150a1925000619180f42424c5f3130305f322e305f322e30150c167816f207168603269e1f00150015cc0715d8022c1578150015061506000028b52ffd60e600150500540702000000780193180456f2c1f040c74b378915c237894160376de7fba92b5eba490c3add240681492db29def69508d976e9ab0726891c723c3aaf1d24d641d5a643b95986e1283e0d122dbf944c454e3a59b984260e5d0de83c0caa11fc5bc7493185e3f355eba9bf4fdd478d5a69bc42030c6f040140020d120d120d1c02b20d120d1c02b20d120d120d1c0c3a0d620d120d120d120d120d120d1c017238a12150a1925000619180f42424d5f3130305f322e305f322e30150c167816f20716fe0226f02200150015cc0715ec022c1578150015061506000028b52ffd60e600650500f407020000007801e570bdc7f3dbf04007d7ff88f1d7e8336de8eef3302cdea1c66b99e92db14db3fd03297f1e2edc9054f32180758b3aeeb9ff65c5255add70c6c988c095d39c5522ded1e4bc8191396b76557ddf9643a47d65e0c1c76fb162e121550a8a45e21e05341c32e366775aaf4ee45e13bd3d72e55274beca48e7f0401400c02bc02bc02bc02bc02bc02bc02b20d1c02b20d1c02b20d120d1c02b20d120d120d120d12069238a12150a1925000619180f4242555f3130305f322e305f322e30150c167816f20716920326ba2600150015cc071584032c1578150015061506000028b52ffd60e600c50500b4080200000078011a6762d0fc65f33fd73941dbe5496bf7650bb62990f33bd9d92aa7f8acb59428c42e85fdf92b75cf0d5ac137b24d7a3389506c6f649fc6590f068d603b8cce104a3003a85faf54c83acce5bc5ebda4e645b21a2d184bf45ad17e6bb9dcff912c7d41f5637f5f15f1b9faac3bcd643bf61a81ab873be14e5f64ab2c8ff73f411fadc5a9f83f14006036c02b6036c02b6036c0d3c033c02bc02bc02bc02bc02bc02bc02bc02bc02bc02bc02bc017238a12150a1925000619180f4242425f3130305f322e305f322e30150c167816f20716aa0326982a00150015cc071598032c1578150015061506000028b52ffd60e60015060054090200000078012144a5aa3454e03fae44e9bc5ee3df7e18b042a5f6ddea1b4501222fdce3689c94f0e8e00b6396f8e00fe327d6096909dde58169a4800f8de88774c40bb980e6218d6de117cfed65166dade8eae930d8e890a2ae212a2dd8b0a0eab6a13468b660f0721332cf142bf7d817bdc8f49aa80a5b9a6236331d641cc0234caf00d13cf28a1a84248bcee39db435256ef43f1400c02b6036c02bc02bc02bc02b60366036c02b603660366036603660366036603660366036601a7b8b12150a1925000619180f4242505f3130305f322e305f322e30150c167816f20716be03268e2e00150015cc0715402c1578150015061506000028b52ffd60e600b500005002000000780100f0bf0003009f1502a01d322a3002150a192500061918067369676e616c150c167816f007166426983200191c160815dc0416000000191c16980515de0416000000191c16ac0a15e00416000000191c16c00f15e00416000000191c16d81415d20616000000191c16e41b15fa0216000000191c169e1f15860316000000191c16f02215fe0216000000191c16ba2615920316000000191c16982a15aa0316000000191c168e2e15be0316000000191c169832156416000000150219dc4804726f6f74151800150a250218046f70656e00150a250218046869676800150a250218036c6f7700150a25021805636c6f736500150a25021806766f6c756d6500150a2502180974696d657374616d7000150a2502180f42424c5f3130305f322e305f322e3000150a2502180f42424d5f3130305f322e305f322e3000150a2502180f4242555f3130305f322e305f322e3000150a2502180f4242425f3130305f322e305f322e3000150a2502180f4242505f3130305f322e305f322e3000150a250218067369676e616c001678191c19cc26e4041c150a192500061918046f70656e150c167816f20716dc0426080016b43315160026f6091c150a1925000619180468696768150c167816f20716de042698050016ca33151800268c0f1c150a192500061918036c6f77150c167816f20716e00426ac0a0016e23315180026a0141c150a19250006191805636c6f7365150c167816f20716e00426c00f0016fa3315180026aa1b1c150a19250006191806766f6c756d65150c167816f20716d20626d8140016923415180026de1e1c150a1925000619180974696d657374616d70150c167816f20716fa0226e41b0016aa3415180026a4221c150a1925000619180f42424c5f3130305f322e305f322e30150c167816f207168603269e1f0016c23415180026ee251c150a1925000619180f42424d5f3130305f322e305f322e30150c167816f20716fe0226f0220016da3415180026cc291c150a1925000619180f4242555f3130305f322e305f322e30150c167816f20716920326ba260016f23415180026c22d1c150a1925000619180f4242425f3130305f322e305f322e30150c167816f20716aa0326982a00168a3515180026cc311c150a1925000619180f4242505f3130305f322e305f322e30150c167816f20716be03268e2e0016a23515180026fc321c150a192500061918067369676e616c150c167816f00716642698320016ba3515160016d65e1678260816a82d140000191c180c4152524f573a736368656d611898072f2f2f2f2f366b43414141454141414138762f2f2f78514141414145414145414141414b414173414341414b414151412b502f2f2f77774141414149414167414141414541417741414141384167414144414941414f414241414377415141416741454141457742414141554151414133414141414b514141414273414141414e41414141415141414144672f662f2f4841414141424141414141494141414141514d4141414141414144652f662f2f41674141414159414141427a615764755957774141417a2b2f2f38634141414145414141414167414141414241774141414141414141722b2f2f3843414141414477414141454a43554638784d4442664d693477587a49754d4142412f762f2f4841414141424141414141494141414141514d41414141414141412b2f762f2f416741414141384141414243516b4a664d544177587a49754d4638794c6a41416450372f2f7877414141415141414141434141414141454441414141414141416376372f2f7749414141415041414141516b4a56587a45774d4638794c6a42664d693477414b6a2b2f2f3863414141414541414141416741414141424177414141414141414b622b2f2f3843414141414477414141454a43545638784d4442664d693477587a49754d4144632f762f2f4841414141424141414141494141414141514d4141414141414144612f762f2f416741414141384141414243516b78664d544177587a49754d4638794c6a414145502f2f2f78774141414151414141414341414141414544414141414141414144762f2f2f7749414141414a4141414164476c745a584e30595731774141414151502f2f2f78774141414151414141414341414141414544414141414141414150762f2f2f7749414141414741414141646d39736457316c414142732f2f2f2f4841414141424141414141494141414141514d4141414141414142712f2f2f2f41674141414155414141426a6247397a5a514141414a6a2f2f2f3863414141414541414141416741414141424177414141414141414a622f2f2f3843414141414177414141477876647744412f2f2f2f4841414141424141414141494141414141514d41414141414141432b2f2f2f2f41674141414151414141426f6157646f41414141414f7a2f2f2f38774141414149414141414267414141414241774141454141534141514145414152414167414141414d41414141414144362f2f2f2f416741474141594142414145414141416233426c6267413d00184e506f6c6172732028707974686f6e292076657273696f6e20322e312e3020286275696c6420376639303262643366666432376666383264313432373861303961323935666632663761656439322919cc1c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c00001c0000000107000050415231
\.
COPY backtesting.run (id, run_id, kind, controller_name, config, start_s, end_s, resolution, mode, costs, min_coverage, candles, source, status, phase, progress, error, worker, attempt, given_back, heartbeat_at, created_at, started_at, completed_at, saved, bytes, engine_version, candle_digest, digest, summary, metrics, tables, coverage, warnings, balances, funding_rate, venue_terms) FROM stdin;
1	a149cf4f	run	bollinger_v1	{"interval": "3m", "trading_pair": "BTC-USDT", "connector_name": "sandbox_perpetual", "controller_name": "bollinger_v1", "total_amount_quote": 1000}	1795401000	1795404600	1m	honest	{"maker_fee": 0.0006, "taker_fee": 0.0006, "trade_cost": 0.0006}	0.95	\N	\N	completed	\N	1	\N	backtesting-worker@vm:10880	1	0	2026-11-23 03:30:39.434963+00	2026-11-23 03:30:33.937154+00	2026-11-23 03:30:33.959145+00	2026-11-23 03:30:39.382501+00	t	14497	2	cd0df77d3e4064037d0c590c861df2ea	b467568522f75667a63d0e692dd490b4	{"net_pnl": -0.006472704936810109, "accuracy": 0.0, "total_long": 0, "close_types": {"EARLY_STOP": 3}, "total_short": 2, "win_signals": 0, "loss_signals": 2, "sharpe_ratio": -0.12909944487358055, "total_volume": 1941.72141135, "accuracy_long": 0.0, "net_pnl_quote": -6.472704936810109, "profit_factor": 0.0, "accuracy_short": 0.0, "total_executors": 3, "total_positions": 2, "max_drawdown_pct": -0.006472704936810109, "max_drawdown_usd": -6.472704936810109, "total_fees_quote": 1.16503284681, "unrealized_pnl_quote": 0, "position_realized_pnl_quote": 0, "total_executors_with_position": 2}	{"calmar": -8760.0, "sharpe": -235.06340797969392, "net_pnl": -0.006472704936810109, "sortino": -230.2862418822125, "exposure": 0.3333333333333333, "turnover": 1.9417214113499999, "fees_quote": 1.16503284681, "buy_and_hold": 0.012849665757192243, "max_drawdown": 0.006472704936810109, "volume_quote": 1941.72141135, "net_pnl_quote": -6.472704936810109, "max_drawdown_quote": 6.472704936810109}	{"by_side": {"SELL": {"wins": 0.0, "count": 3.0, "filled": 2.0, "losses": 2.0, "fees_quote": 1.16503284681, "volume_quote": 1941.72141135, "net_pnl_quote": -6.472704936810109}}, "by_close_type": {"EARLY_STOP": {"wins": 0.0, "count": 3.0, "filled": 2.0, "losses": 2.0, "fees_quote": 1.16503284681, "volume_quote": 1941.72141135, "net_pnl_quote": -6.472704936810109}}}	{"holes": [], "present": 60, "expected": 60, "fraction": 1.0}	[]	{}	\N	[{"rules": {"min_amount": 0.001, "price_step": 0.1, "amount_step": 0.001, "min_notional": 100.0}, "settlements": 0, "trading_pair": "BTC-USDT", "connector_name": "sandbox_perpetual", "funding_rate_sum": 0}]
\.
COPY backtesting.sweep (id, sweep_id, controller_name, config, start_s, end_s, resolution, mode, costs, min_coverage, candles, space, method, trials, seed, objective, is_largest_best, split, best, batch, status, next_index, done, invalid, alone, rate, bytes, error, result, served_at, created_at, started_at, completed_at, balances, funding_rate, venue_terms) FROM stdin;
\.
COPY backtesting.sweep_shard (id, sweep, kind, first, configs, points, status, attempt, given_back, worker, heartbeat_at, computed_s, candle_digest, block) FROM stdin;
\.
COPY gateway_proxy.alembic_version (version_num) FROM stdin;
0002
\.
COPY gateway_proxy.amm_position (id, pool_address, network, connector, wallet_address, trading_pair, base_token, quote_token, created_at, closed_at, status, deposited_base_amount, deposited_quote_amount, withdrawn_base_amount, withdrawn_quote_amount, last_updated) FROM stdin;
\.
COPY gateway_proxy.clmm_position (id, position_address, pool_address, network, connector, wallet_address, trading_pair, base_token, quote_token, base_token_address, quote_token_address, created_at, closed_at, status, lower_price, upper_price, lower_bin_id, upper_bin_id, entry_price, current_price, percentage, initial_base_token_amount, initial_quote_token_amount, position_rent, base_token_amount, quote_token_amount, withdrawn_base_amount, withdrawn_quote_amount, base_fee_collected, quote_fee_collected, base_fee_pending, quote_fee_pending, last_updated) FROM stdin;
\.
COPY gateway_proxy.gateway_transaction (id, kind, chain, network, connector, wallet, path, request, about, before, result, state, in_flight, answered, hash, fee, fee_token, error, owner, created_at, expires_at, sent_at, settled_at, look_at) FROM stdin;
\.
COPY gateway_proxy.position_event (id, transaction_id, pool_type, event_type, "timestamp", network, connector, wallet_address, pool_address, position_address, trading_pair, transaction_hash, base_token_amount, quote_token_amount, base_fee_collected, quote_fee_collected, gas_fee, gas_token, status, state, error_message) FROM stdin;
\.
COPY gateway_proxy.swap (id, transaction_id, transaction_hash, "timestamp", network, connector, trading_type, wallet_address, trading_pair, base_token, quote_token, side, amount, input_amount, output_amount, price, slippage_pct, gas_fee, gas_token, status, state, pool_address, quote_id, error_message) FROM stdin;
\.
COPY market_data.alembic_version (version_num) FROM stdin;
0002
\.
COPY market_data.candle_download (id, connector, trading_pair, "interval", start_s, end_s, wanted_end_s, state, done, total, position_s, gaps, error, created_at, updated_at) FROM stdin;
1	sandbox_perpetual	BTC-USDT	1m	1795401000	1795404600	1795404600	done	60	60	1795404600	[]	\N	2026-11-23 03:30:34.893756+00	2026-11-23 03:30:35.198409+00
2	sandbox_perpetual	BTC-USDT	1m	1795382820	1795404600	1795404600	done	363	363	1795404600	[]	\N	2026-11-23 03:30:36.052926+00	2026-11-23 03:30:36.302837+00
\.
COPY market_data.candle_gap (series_id, start_s, end_s, reason) FROM stdin;
\.
COPY market_data.candle_month (series_id, month, digest, next_digest, rows, bytes, updated_at) FROM stdin;
1	2026-11	170dffd0d12fffa20744932ecc15c96a	\N	363	15530	2026-11-23 03:30:36.225509+00
\.
COPY market_data.candle_range (series_id, start_s, end_s) FROM stdin;
1	1795382820	1795404600
\.
COPY market_data.candle_series (id, connector, trading_pair, "interval") FROM stdin;
1	sandbox_perpetual	BTC-USDT	1m
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
1	1	account-981417744f7a	sandbox	BTC-USDT	4770230174	filled	BUY	0.000200000000000000	69536.940000000000000000	0.000000200000000000	BTC	f	2026-11-23 03:30:25.649+00	0.013907388000000000
2	4	account-981417744f7a	sandbox_perpetual	BTC-USDT	4770230172	position	BUY	0.010000000000000000	69553.500000000000000000	0.347767500000000000	USDT	f	2026-11-23 03:30:27.559+00	0.347767500000000000
\.
COPY trading.funding_payment (id, account_name, connector_name, trading_pair, payment_id, amount, currency, rate, position_size, position_side, at) FROM stdin;
\.
COPY trading.leverage (account_name, connector_name, trading_pair, leverage) FROM stdin;
account-981417744f7a	sandbox_perpetual	BTC-USDT	5
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
account-981417744f7a	sandbox_perpetual	ONEWAY
\.
COPY trading.risk_limit (account_name, max_order_notional, max_open_orders, max_daily_loss, max_orders_per_minute, allowed_pairs) FROM stdin;
account-981417744f7a	1000.000000000000000000	\N	200.000000000000000000	\N	\N
\.
COPY trading.trading_halt (account_name, reason, at) FROM stdin;
\.
COPY trading.trading_order (id, account_name, connector_name, client_order_id, exchange_order_id, trading_pair, trade_type, order_type, position_action, requested_amount, requested_price, amount, price, status, filled_amount, filled_quote, venue_filled_amount, fee_paid, fee_currency, error_message, settled, version, created_at, updated_at, time_in_force, venue_client_id, fee_quote) FROM stdin;
1	account-981417744f7a	sandbox	filled	1262	BTC-USDT	BUY	MARKET	OPEN	0.000200000000000000	\N	0.000200000000000000	\N	FILLED	0.000200000000000000	13.907388000000000000	0.000200000000000000	0.000000200000000000	BTC	\N	t	2	2026-11-23 03:30:25.605632+00	2026-11-23 03:30:25.69684+00	\N	filled	0.013907388000000000
2	account-981417744f7a	sandbox	open	1263	BTC-USDT	BUY	LIMIT	OPEN	0.000200000000000000	30000.000000000000000000	0.000200000000000000	30000.000000000000000000	OPEN	0.000000000000000000	0.000000000000000000	0.000000000000000000	0.000000000000000000	\N	\N	f	1	2026-11-23 03:30:25.695986+00	2026-11-23 03:30:25.732208+00	\N	open	0.000000000000000000
3	account-981417744f7a	sandbox	cancelled	1270	BTC-USDT	BUY	LIMIT	OPEN	0.000200000000000000	30000.000000000000000000	0.000200000000000000	30000.000000000000000000	CANCELLED	0.000000000000000000	0.000000000000000000	0.000000000000000000	0.000000000000000000	\N	\N	t	3	2026-11-23 03:30:25.81378+00	2026-11-23 03:30:25.892713+00	\N	cancelled	0.000000000000000000
4	account-981417744f7a	sandbox_perpetual	position	800	BTC-USDT	BUY	MARKET	OPEN	0.010000000000000000	\N	0.010000000000000000	\N	FILLED	0.010000000000000000	695.535000000000000000	0.010000000000000000	0.347767500000000000	USDT	\N	t	2	2026-11-23 03:30:27.532526+00	2026-11-23 03:30:27.600347+00	\N	position	0.347767500000000000
\.
SELECT pg_catalog.setval('accounts.outbox_id_seq', 2, true);
SELECT pg_catalog.setval('backtesting.outbox_id_seq', 2, true);
SELECT pg_catalog.setval('backtesting.run_id_seq', 1, true);
SELECT pg_catalog.setval('backtesting.sweep_id_seq', 1, false);
SELECT pg_catalog.setval('backtesting.sweep_shard_id_seq', 1, false);
SELECT pg_catalog.setval('gateway_proxy.amm_position_id_seq', 1, false);
SELECT pg_catalog.setval('gateway_proxy.clmm_position_id_seq', 1, false);
SELECT pg_catalog.setval('gateway_proxy.gateway_transaction_id_seq', 1, false);
SELECT pg_catalog.setval('gateway_proxy.outbox_id_seq', 1, false);
SELECT pg_catalog.setval('gateway_proxy.position_event_id_seq', 1, false);
SELECT pg_catalog.setval('gateway_proxy.swap_id_seq', 1, false);
SELECT pg_catalog.setval('market_data.candle_download_id_seq', 2, true);
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
ALTER TABLE ONLY backtesting.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY backtesting.candle_upload
    ADD CONSTRAINT candle_upload_pkey PRIMARY KEY (digest);
ALTER TABLE ONLY backtesting.outbox
    ADD CONSTRAINT outbox_message_id_key UNIQUE (message_id);
ALTER TABLE ONLY backtesting.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY backtesting.result_part
    ADD CONSTRAINT result_part_pkey PRIMARY KEY (run, name);
ALTER TABLE ONLY backtesting.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (id);
ALTER TABLE ONLY backtesting.run
    ADD CONSTRAINT run_run_id_key UNIQUE (run_id);
ALTER TABLE ONLY backtesting.sweep
    ADD CONSTRAINT sweep_pkey PRIMARY KEY (id);
ALTER TABLE ONLY backtesting.sweep_shard
    ADD CONSTRAINT sweep_shard_once UNIQUE (sweep, kind, first);
ALTER TABLE ONLY backtesting.sweep_shard
    ADD CONSTRAINT sweep_shard_pkey PRIMARY KEY (id);
ALTER TABLE ONLY backtesting.sweep
    ADD CONSTRAINT sweep_sweep_id_key UNIQUE (sweep_id);
ALTER TABLE ONLY gateway_proxy.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY gateway_proxy.amm_position
    ADD CONSTRAINT amm_position_pkey PRIMARY KEY (id);
ALTER TABLE ONLY gateway_proxy.amm_position
    ADD CONSTRAINT amm_position_share UNIQUE (wallet_address, pool_address, connector, network);
ALTER TABLE ONLY gateway_proxy.clmm_position
    ADD CONSTRAINT clmm_position_address UNIQUE (network, connector, position_address);
ALTER TABLE ONLY gateway_proxy.clmm_position
    ADD CONSTRAINT clmm_position_pkey PRIMARY KEY (id);
ALTER TABLE ONLY gateway_proxy.gateway_transaction
    ADD CONSTRAINT gateway_transaction_pkey PRIMARY KEY (id);
ALTER TABLE ONLY gateway_proxy.outbox
    ADD CONSTRAINT outbox_message_id_key UNIQUE (message_id);
ALTER TABLE ONLY gateway_proxy.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);
ALTER TABLE ONLY gateway_proxy.position_event
    ADD CONSTRAINT position_event_pkey PRIMARY KEY (id);
ALTER TABLE ONLY gateway_proxy.position_event
    ADD CONSTRAINT position_event_transaction_id_key UNIQUE (transaction_id);
ALTER TABLE ONLY gateway_proxy.swap
    ADD CONSTRAINT swap_pkey PRIMARY KEY (id);
ALTER TABLE ONLY gateway_proxy.swap
    ADD CONSTRAINT swap_transaction_id_key UNIQUE (transaction_id);
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
CREATE INDEX run_controller_name ON backtesting.run USING btree (controller_name, id);
CREATE INDEX run_unfinished ON backtesting.run USING btree (id) WHERE (((status)::text = ANY ((ARRAY['pending'::character varying, 'running'::character varying])::text[])) OR (NOT saved));
CREATE INDEX sweep_shard_unfinished ON backtesting.sweep_shard USING btree (id) WHERE ((status)::text = ANY ((ARRAY['pending'::character varying, 'running'::character varying])::text[]));
CREATE INDEX sweep_unfinished ON backtesting.sweep USING btree (id) WHERE ((status)::text = ANY ((ARRAY['pending'::character varying, 'running'::character varying])::text[]));
CREATE INDEX amm_position_newest ON gateway_proxy.amm_position USING btree (created_at, id);
CREATE INDEX amm_position_newest_in_status ON gateway_proxy.amm_position USING btree (status, created_at, id);
CREATE INDEX amm_position_newest_of_pool ON gateway_proxy.amm_position USING btree (pool_address, created_at, id);
CREATE INDEX amm_position_newest_of_wallet ON gateway_proxy.amm_position USING btree (wallet_address, created_at, id);
CREATE INDEX clmm_position_by_address ON gateway_proxy.clmm_position USING btree (position_address);
CREATE INDEX clmm_position_newest ON gateway_proxy.clmm_position USING btree (created_at, id);
CREATE INDEX clmm_position_newest_in_status ON gateway_proxy.clmm_position USING btree (status, created_at, id);
CREATE INDEX clmm_position_newest_of_connector ON gateway_proxy.clmm_position USING btree (connector, created_at, id);
CREATE INDEX clmm_position_newest_of_pair ON gateway_proxy.clmm_position USING btree (trading_pair, created_at, id);
CREATE INDEX clmm_position_newest_of_wallet ON gateway_proxy.clmm_position USING btree (wallet_address, created_at, id);
CREATE INDEX clmm_position_newest_on_network ON gateway_proxy.clmm_position USING btree (network, created_at, id);
CREATE INDEX clmm_position_newest_on_network_of_connector ON gateway_proxy.clmm_position USING btree (network, connector, created_at, id);
CREATE INDEX gateway_transaction_hash ON gateway_proxy.gateway_transaction USING btree (hash);
CREATE UNIQUE INDEX gateway_transaction_turn ON gateway_proxy.gateway_transaction USING btree (chain, network, wallet) WHERE in_flight;
CREATE INDEX gateway_transaction_unfinished ON gateway_proxy.gateway_transaction USING btree (look_at) WHERE ((state)::text = ANY ((ARRAY['PENDING'::character varying, 'SENT'::character varying, 'SUBMITTED'::character varying, 'UNKNOWN'::character varying])::text[]));
CREATE INDEX gateway_transaction_waiting ON gateway_proxy.gateway_transaction USING btree (chain, network, wallet, id) WHERE ((state)::text = 'PENDING'::text);
CREATE INDEX position_event_newest ON gateway_proxy.position_event USING btree (pool_type, "timestamp", id);
CREATE INDEX position_event_of_pool ON gateway_proxy.position_event USING btree (pool_type, pool_address, "timestamp", id);
CREATE INDEX position_event_of_position ON gateway_proxy.position_event USING btree (position_address, "timestamp", id);
CREATE INDEX position_event_of_wallet ON gateway_proxy.position_event USING btree (pool_type, wallet_address, "timestamp", id);
CREATE INDEX swap_hash ON gateway_proxy.swap USING btree (transaction_hash);
CREATE INDEX swap_newest ON gateway_proxy.swap USING btree ("timestamp", id);
CREATE INDEX swap_newest_not_confirmed ON gateway_proxy.swap USING btree (status, "timestamp", id) INCLUDE (network, connector, wallet_address, trading_pair) WHERE ((status)::text <> 'CONFIRMED'::text);
CREATE INDEX swap_newest_of_connector ON gateway_proxy.swap USING btree (connector, "timestamp", id);
CREATE INDEX swap_newest_of_pair ON gateway_proxy.swap USING btree (trading_pair, "timestamp", id) INCLUDE (network, connector, wallet_address, status);
CREATE INDEX swap_newest_of_wallet ON gateway_proxy.swap USING btree (wallet_address, "timestamp", id) INCLUDE (network, connector, trading_pair, status);
CREATE INDEX swap_newest_on_network ON gateway_proxy.swap USING btree (network, "timestamp", id);
CREATE INDEX swap_newest_on_network_of_connector ON gateway_proxy.swap USING btree (network, connector, "timestamp", id);
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
CREATE STATISTICS gateway_proxy.clmm_position_places (mcv) ON network, connector, status FROM gateway_proxy.clmm_position;
ALTER STATISTICS gateway_proxy.clmm_position_places OWNER TO aviary_gateway_proxy;
CREATE STATISTICS gateway_proxy.swap_places (mcv) ON network, connector, status FROM gateway_proxy.swap;
ALTER STATISTICS gateway_proxy.swap_places OWNER TO aviary_gateway_proxy;
ALTER TABLE ONLY accounts.credential
    ADD CONSTRAINT credential_account_name_fkey FOREIGN KEY (account_name) REFERENCES accounts.account(name) ON DELETE CASCADE;
ALTER TABLE ONLY backtesting.result_part
    ADD CONSTRAINT result_part_run_fkey FOREIGN KEY (run) REFERENCES backtesting.run(id) ON DELETE CASCADE;
ALTER TABLE ONLY backtesting.sweep_shard
    ADD CONSTRAINT sweep_shard_sweep_fkey FOREIGN KEY (sweep) REFERENCES backtesting.sweep(id) ON DELETE CASCADE;
ALTER TABLE ONLY gateway_proxy.position_event
    ADD CONSTRAINT position_event_transaction_id_fkey FOREIGN KEY (transaction_id) REFERENCES gateway_proxy.gateway_transaction(id);
ALTER TABLE ONLY gateway_proxy.swap
    ADD CONSTRAINT swap_transaction_id_fkey FOREIGN KEY (transaction_id) REFERENCES gateway_proxy.gateway_transaction(id);
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
