"""Binance's refusals, as one table.

VenueError
└── Banned          429 and 418, which carry Retry-After
"""

from enum import Enum


class Reason(Enum):
    """Code, HTTP status, words; braces are filled by whoever raises."""

    UNKNOWN = (-1000, 500, "An unknown error occurred while processing the request.")
    NO_SUCH_PATH = (-1000, 404, "No such endpoint: {path}")
    TOO_MANY_REQUESTS = (
        -1003,
        429,
        "Too much request weight used; current limit is {limit} request weight per 1 MINUTE. "
        "Please use WebSocket Streams for live updates to avoid polling the API.",
    )
    BANNED = (-1003, 418, "Way too much request weight used; IP banned until {until_ms}.")
    BACKEND_TIMEOUT = (
        -1007,
        503,
        "Timeout waiting for response from backend server. Send status unknown; execution status unknown.",
    )
    TOO_MANY_ORDERS = (-1015, 429, "Too many new orders; current limit is {limit} orders per {interval}.")
    TIMESTAMP_LATE = (-1021, 400, "Timestamp for this request is outside of the recvWindow.")
    TIMESTAMP_AHEAD = (-1021, 400, "Timestamp for this request was 1000ms ahead of the server's time.")
    BAD_SIGNATURE = (-1022, 400, "Signature for this request is not valid.")
    ILLEGAL_CHARACTERS = (-1100, 400, "Illegal characters found in parameter '{name}'; legal range is '{legal}'.")
    TOO_MANY_PARAMETERS = (-1101, 400, "Duplicate values for parameter '{name}'.")
    MISSING_PARAMETER = (
        -1102,
        400,
        "Mandatory parameter '{name}' was not sent, was empty/null, or malformed.",
    )
    MISSING_EITHER = (
        -1102,
        400,
        "Param '{first}' or '{second}' must be sent, but both were empty/null!",
    )
    UNREAD_PARAMETER = (
        -1104,
        400,
        "Not all sent parameters were read; read '{read}' parameter(s) but was sent '{sent}'.",
    )
    NOT_REQUIRED = (-1106, 400, "Parameter '{name}' sent when not required.")
    BAD_PRECISION = (-1111, 400, "Parameter '{name}' has too much precision.")
    FUTURES_PRECISION = (-1111, 400, "Precision is over the maximum defined for this asset.")
    BAD_TIME_IN_FORCE = (-1115, 400, "Invalid timeInForce.")
    BAD_ORDER_TYPE = (-1116, 400, "Invalid orderType.")
    BAD_SIDE = (-1117, 400, "Invalid side.")
    BAD_INTERVAL = (-1120, 400, "Invalid interval.")
    BAD_SYMBOL = (-1121, 400, "Invalid symbol.")
    BAD_LISTEN_KEY = (-1125, 400, "This listenKey does not exist.")
    BAD_COMBINATION = (-1128, 400, "Combination of optional parameters invalid.")
    BAD_PARAMETER = (-1130, 400, "Data sent for parameter '{name}' is not valid.")
    FILTER = (-1013, 400, "Filter failure: {filter}")
    INVALID_QUANTITY = (-1013, 400, "Invalid quantity.")
    INVALID_PRICE = (-1013, 400, "Invalid price.")
    INSUFFICIENT_BALANCE = (-2010, 400, "Account has insufficient balance for requested action.")
    DUPLICATE_ORDER = (-2010, 400, "Duplicate order sent.")
    WOULD_TAKE = (-2010, 400, "Order would immediately match and take.")
    UNKNOWN_ORDER = (-2011, 400, "Unknown order sent.")
    NO_SUCH_ORDER = (-2013, 400, "Order does not exist.")
    BAD_KEY_FORMAT = (-2014, 401, "API-key format invalid.")
    REJECTED_KEY = (-2015, 401, "Invalid API-key, IP, or permissions for action.")
    MARGIN_INSUFFICIENT = (-2019, 400, "Margin is insufficient.")
    POSITION_TOO_LARGE = (-2027, 400, "Exceeded the maximum allowable position at current leverage.")
    LEVERAGE_TOO_LOW = (-2028, 400, "Leverage is smaller than permitted: insufficient margin balance.")
    REDUCE_ONLY_REJECTED = (-2022, 400, "ReduceOnly Order is rejected.")
    FUTURES_TICK = (-4014, 400, "Price not increased by tick size.")
    FUTURES_QUANTITY_LOW = (-4003, 400, "Quantity less than or equal to zero.")
    FUTURES_QUANTITY_HIGH = (-4005, 400, "Quantity greater than max quantity.")
    FUTURES_PRICE_LOW = (-4001, 400, "Price less than 0.")
    FUTURES_PRICE_HIGH = (-4002, 400, "Price greater than max price.")
    FUTURES_STEP = (-4023, 400, "Quantity not increased by step size.")
    FUTURES_DUPLICATE = (-4116, 400, "ClientOrderId is duplicated.")
    FUTURES_NOTIONAL = (
        -4164,
        400,
        "Order's notional must be no smaller than {minimum} (unless you choose reduce only).",
    )
    FUTURES_PRICE_ABOVE = (-4016, 400, "Limit price can't be higher than {limit}.")
    FUTURES_PRICE_BELOW = (-4024, 400, "Limit price can't be lower than {limit}.")
    FUTURES_MAX_ORDERS = (-2025, 400, "Reach max open order limit.")
    BAD_LEVERAGE = (-4028, 400, "Leverage {leverage} is not valid")
    MARGIN_TYPE_UNCHANGED = (-4046, 400, "No need to change margin type.")
    CROSS_MARGIN_ONLY = (
        -1130,
        400,
        "Data sent for parameter 'marginType' is not valid: this venue has cross margin only.",
    )
    POSITION_MODE_UNCHANGED = (-4059, 400, "No need to change position side.")
    BAD_POSITION_SIDE = (-4060, 400, "Invalid position side.")
    POSITION_MODE_WITH_ORDERS = (-4067, 400, "Position side cannot be changed if there exists open orders.")
    POSITION_MODE_WITH_POSITIONS = (-4068, 400, "Position side cannot be changed if there exists position.")
    POSITION_SIDE_MISMATCH = (-4061, 400, "Order's position side does not match user's setting.")
    CONDITIONAL_ELSEWHERE = (
        -4120,
        400,
        "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.",
    )
    POST_ONLY_REJECTED = (
        -5022,
        400,
        "Due to the order could not be executed as maker, the Post Only order will be rejected. "
        "The order will not be recorded in the order history.",
    )

    @property
    def code(self) -> int:
        return self.value[0]

    @property
    def status(self) -> int:
        return self.value[1]


class VenueError(Exception):
    """A refusal as the client sees it; nothing was changed when it is raised."""

    def __init__(self, reason: Reason, **words: object) -> None:
        self.reason = reason
        self.code = reason.code
        self.status = reason.status
        self.message = reason.value[2].format(**words)
        super().__init__(self.message)


class Banned(VenueError):
    def __init__(self, reason: Reason, *, retry_after_s: int, **words: object) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(reason, **words)
