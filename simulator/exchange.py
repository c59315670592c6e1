"""The carrier at work: takes calls and messages, and passes on what hands do to phones."""

from datetime import datetime

from .call import CallLife, End, PickUp
from .callbacks import Webhooks
from .errors import TwilioError
from .forms import CallCreate, MessageCreate
from .message import MessageLife, new_message, receive
from .models import CallbackMischief, OptedOut
from .player import Source
from .records import CallRecord, MessageRecord, Parameters, State, new_sid
from .world import World


class NoSuchCall(LookupError):
    """The phone has no call in the state that this needs."""


class Exchange:
    """Places calls and messages into the world and keeps their lives going."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.webhooks = Webhooks(world.settings.auth_token)
        self._lives: dict[str, CallLife] = {}

    def place_call(
        self, asked: CallCreate, parameters: Parameters, mischief: CallbackMischief, at: datetime
    ) -> CallRecord:
        """Queues a call and returns at once; `at` is when its request came in."""
        phone = self.world.phone(asked.to)
        behaviour = phone.next_call()
        record = CallRecord(
            sid=new_sid("CA"),
            to=asked.to,
            from_number=asked.from_number,
            name=phone.name,
            behaviour=behaviour.kind,
            created_at=at,
            updated_at=at,
            states=[State(state="queued", at=at)],
            parameters=parameters,
        )
        self.world.calls[record.sid] = record
        self.world.call_changed(record)
        life = CallLife(
            self.world, self.webhooks, record, asked=asked, behaviour=behaviour, mischief=mischief
        )
        self._lives[record.sid] = life
        self.webhooks.start(self._live(life))
        return record

    async def _live(self, life: CallLife) -> None:
        try:
            await life.run()
        finally:
            self._lives.pop(life.record.sid, None)

    def end_call(self, call: CallRecord, *, cancel: bool) -> None:
        """The application ends a call; one that is over stays as it is."""
        life = self._lives.get(call.sid)
        if life is not None:
            life.order(End("canceled" if cancel else "completed"))

    def redirect_call(self, call: CallRecord, source: Source) -> None:
        """Sends a call to another document. Raises TwilioError 21220 if it is not in progress."""
        life = self._lives.get(call.sid)
        if life is None or call.status != "in-progress":
            raise TwilioError(21220)
        life.order(source)

    def send_message(
        self, asked: MessageCreate, parameters: Parameters, mischief: CallbackMischief
    ) -> MessageRecord:
        """Queues a message and returns at once. Raises TwilioError 21610 if the person has unsubscribed."""
        phone = self.world.phone(asked.to)
        behaviour = phone.next_message()
        if phone.opted_out or isinstance(behaviour, OptedOut):
            raise TwilioError(21610)
        record = new_message(self.world, phone, asked.body, "outbound-api")
        record.parameters = parameters
        life = MessageLife(
            self.world,
            self.webhooks,
            record,
            behaviour=behaviour,
            mischief=mischief,
            status_callback=asked.status_callback,
        )
        self.webhooks.start(life.run())
        return record

    def write_from(self, number: str, text: str) -> None:
        """A person writes to Midwatch."""
        phone = self.world.phone(number)
        self.webhooks.start(
            receive(self.world, self.webhooks, phone, text, mischief=self.world.carrier.callbacks)
        )

    def pick_up(self, number: str) -> CallRecord:
        """Answers the call that has rung longest. Raises NoSuchCall."""
        life = self._life_on(number, "ringing")
        life.order(PickUp())
        return life.record

    def hang_up(self, number: str) -> CallRecord:
        """Ends the call in progress, or declines the one that rings. Raises NoSuchCall."""
        try:
            life = self._life_on(number, "in-progress")
            life.order(End("completed"))
        except NoSuchCall:
            life = self._life_on(number, "ringing")
            life.order(End("busy"))
        return life.record

    def press(self, number: str, digits: str) -> CallRecord:
        """Keys pressed in the call in progress. Raises NoSuchCall."""
        life = self._life_on(number, "in-progress")
        life.press(digits)
        return life.record

    def say(self, number: str, text: str, confidence: float) -> CallRecord:
        """A sentence spoken in the call in progress. Raises NoSuchCall."""
        life = self._life_on(number, "in-progress")
        life.say(text, confidence)
        return life.record

    def reset(self) -> None:
        """Stops everything, without a word to anybody, and forgets it."""
        self.webhooks.stop()
        self._lives.clear()
        self.world.forget()

    def _life_on(self, number: str, status: str) -> CallLife:
        for life in self._lives.values():
            if life.record.to == number and life.record.status == status:
                return life
        raise NoSuchCall(f"no call is {status} on {number}")
