"""A small bot that looks like Hummingbot's headless mode from outside: files, environment, MQTT.

Keys that only it knows, in its script config: `crash_after_s` with `exit_code`, `deaf` (hears no command), `mute` (no
pulse and no reports), `knows_start` (as older releases do), `period_s`, `refuses_stop`, `drops_commands` (the first n).
"""

import asyncio
import contextlib
import hashlib
import hmac
import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiomqtt
import yaml
from Crypto.Cipher import AES
from Crypto.Hash import keccak

Json = dict[str, Any]

HOME = Path("/home/hummingbot")
COMMANDS = ("start", "stop", "config", "import", "status", "history", "balance/limit", "balance/paper")
REPORT = {
    "realized_pnl_quote": 1.25,
    "unrealized_pnl_quote": -0.5,
    "unrealized_pnl_pct": -0.05,
    "realized_pnl_pct": 0.125,
    "global_pnl_quote": 0.75,
    "global_pnl_pct": 0.075,
    "volume_traded": 1000.5,
    "positions_summary": [],
    "close_type_counts": {"CloseType.TAKE_PROFIT": 2},
}


def password_fits(password: str) -> bool:
    document = json.loads(bytes.fromhex((HOME / "conf/.password_verification").read_text()))["crypto"]
    derivation, ciphertext = document["kdfparams"], bytes.fromhex(document["ciphertext"])
    salt = bytes.fromhex(derivation["salt"])
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, derivation["c"], derivation["dklen"])
    mac = keccak.new(digest_bits=256, data=key[16:] + ciphertext).hexdigest()
    counter = int(document["cipherparams"]["iv"], 16)
    word = AES.new(key[:16], AES.MODE_CTR, nonce=b"", initial_value=counter).decrypt(ciphertext)
    fits: bool = hmac.compare_digest(mac, document["mac"])
    return fits and word == b"HummingBot"


class Bot:
    def __init__(self) -> None:
        self.client_conf: Json = yaml.safe_load((HOME / "conf/conf_client.yml").read_text())
        self.name: str = self.client_conf["instance_id"]
        script = os.environ.get("SCRIPT_CONFIG")
        self.script: Json = yaml.safe_load((HOME / "conf/scripts" / script).read_text()) if script else {}
        self.period_s: float = self.script.get("period_s", 0.2)
        self.trading = True
        self.dropped = 0
        self.client: aiomqtt.Client | None = None

    def controllers(self) -> Iterator[Json]:
        for name in self.script.get("controllers_config", []):
            yield yaml.safe_load((HOME / "conf/controllers" / name).read_text())

    async def say(self, message: str, level: int = 20) -> None:
        line = {
            "timestamp": time.time(),
            "msg": message,
            "level_no": level,
            "level_name": {20: "INFO", 40: "ERROR"}[level],
            "logger_name": "hummingbot.bot",
        }
        print(message, flush=True)
        with (HOME / f"logs/logs_{self.name}.log").open("a") as file:
            file.write(json.dumps(line) + "\n")
        await self.tell("log", line)

    async def tell(self, topic: str, payload: Json) -> None:
        if self.client is not None:
            with contextlib.suppress(aiomqtt.MqttError):
                await self.client.publish(f"hbot/{self.name}/{topic}", json.dumps(payload))

    async def run(self) -> None:
        bridge = self.client_conf["mqtt_bridge"]
        while True:
            try:
                async with aiomqtt.Client(
                    bridge["mqtt_host"],
                    bridge["mqtt_port"],
                    username=bridge["mqtt_username"],
                    password=bridge["mqtt_password"],
                    identifier=f"hbot.{self.name}",
                    keepalive=60,
                ) as client:
                    self.client = client
                    await self.serve(client)
            except aiomqtt.MqttError as error:
                self.client = None
                print(f"broker: {error}", flush=True)
                await asyncio.sleep(1)

    async def serve(self, client: aiomqtt.Client) -> None:
        for command in COMMANDS:
            await client.subscribe(f"hbot/{self.name}/{command}", qos=1)
        await self.tell(
            "status_updates", {"timestamp": int(time.time() * 1000), "type": "availability", "msg": "online"}
        )
        await self.say(f"{self.name} is trading")
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self.report())
            async for message in client.messages:
                await self.answer(client, message)

    async def report(self) -> None:
        pulse = 0.0
        while True:
            if not self.script.get("mute"):
                if time.monotonic() - pulse > 5 * self.period_s:
                    pulse = time.monotonic()
                    await self.tell("hb", {"ts": int(time.time() * 1e6)})
                if self.trading:
                    await self.tell("performance", {each["id"]: self.performance(each) for each in self.controllers()})
            await asyncio.sleep(self.period_s)

    def performance(self, config: Json) -> Json:
        if config.get("manual_kill_switch"):
            return {"performance": dict(REPORT, volume_traded=0), "custom_info": {"killed": True}}
        return {"performance": REPORT, "custom_info": {"amount": config.get("total_amount_quote")}}

    async def answer(self, client: aiomqtt.Client, received: aiomqtt.Message) -> None:
        command = str(received.topic).removeprefix(f"hbot/{self.name}/")
        if self.script.get("deaf"):
            return
        if self.dropped < self.script.get("drops_commands", 0):
            self.dropped += 1
            return
        message = json.loads(received.payload)
        answer: Json = {"status": 200, "msg": ""}
        if command == "stop" and self.script.get("refuses_stop"):
            answer = {"status": 400, "msg": "the orders cannot be cancelled"}
        elif command == "stop":
            self.trading = False
            cancelled = "kept" if message["data"].get("skip_order_cancellation") else "cancelled"
            await self.say(f"stopped, orders {cancelled}")
            await self.tell("performance", {each["id"]: {} for each in self.controllers()})
        elif command == "history":
            answer["trades"] = [self.trade()]
        elif command == "start" and self.script.get("knows_start"):
            self.trading = True
        elif command not in ("balance/limit", "balance/paper"):
            answer = {"status": 400, "msg": "'HummingbotApplication' object has no attribute 'strategy'"}
        if reply_to := message["header"].get("reply_to"):
            header = {"reply_to": "", "timestamp": int(time.time() * 1000), "content_type": "json", "encoding": "utf8"}
            reply = json.dumps({"header": header | {"agent": "commlib"}, "data": answer})
            await client.publish(reply_to, reply, qos=1)

    def trade(self) -> Json:
        return {
            "market": "sandbox",
            "trade_id": "1",
            "price": 50000.0,
            "quantity": 0.01,
            "symbol": "BTC-USDT",
            "trade_timestamp": int(time.time() * 1000),
            "trade_type": "BUY",
            "base_asset": "BTC",
            "quote_asset": "USDT",
            "raw_json": {"trade_fee": {"percent": 0.001}},
        }

    def write_database(self) -> None:
        with sqlite3.connect(HOME / f"data/{self.name}.sqlite") as database:
            database.execute(
                "create table if not exists TradeFill (config_file_path text, strategy text, market text, symbol text,"
                " base_asset text, quote_asset text, timestamp bigint, order_id text, trade_type text, order_type text,"
                " price bigint, amount bigint, leverage int, trade_fee text, exchange_trade_id text, position text,"
                " trade_fee_in_quote bigint)"
            )

    async def crash(self) -> None:
        await asyncio.sleep(self.script["crash_after_s"])
        await self.say("the venue said no: Account has insufficient balance", level=40)
        await asyncio.sleep(self.period_s)
        print("Traceback (most recent call last): RuntimeError: insufficient balance", flush=True)
        os._exit(self.script.get("exit_code", 1))


async def main() -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, os._exit, 0)
    if not password_fits(os.environ["CONFIG_PASSWORD"]):
        sys.exit("wrong password")
    bot = Bot()
    bot.write_database()
    async with asyncio.TaskGroup() as tasks:
        if "crash_after_s" in bot.script:
            tasks.create_task(bot.crash())
        tasks.create_task(bot.run())


asyncio.run(main())
