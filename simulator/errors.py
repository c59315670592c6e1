"""The errors Twilio answers with, in Twilio's own form."""

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse

_KNOWN = {
    20001: (400, "Invalid parameter {}"),
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource {} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service unavailable"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url is not a valid URL: {}"),
    21210: (400, "The source phone number provided, {}, is not yet verified for your account."),
    21211: (400, "Invalid 'To' Phone Number: {}"),
    21212: (400, "Invalid From Number (caller ID): {}"),
    21213: (400, "No 'From' number is specified"),
    21214: (400, "'To' phone number cannot be reached: {}"),
    21215: (400, "Account not authorized to call {}."),
    21216: (400, "Account not allowed to call {}"),
    21220: (400, "Call is not in-progress. Cannot redirect."),
    21408: (400, "Permission to send an SMS has not been enabled for the region of the 'To' number: {}"),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (400, "The 'From' phone number {} is not a valid, SMS-capable number for your account."),
    21609: (400, "The StatusCallback URL {} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21612: (400, "Message cannot be sent with the current combination of 'To' ({}) and 'From' parameters"),
    21614: (400, "'To' number is not a valid mobile number: {}"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21626: (400, "Invalid 'StatusCallbackEvent': {}"),
}


class TwilioError(Exception):
    """A refusal with one of Twilio's codes; becomes the HTTP answer with its status and body."""

    def __init__(self, code: int, detail: str = "") -> None:
        self.code = code
        self.status, text = _KNOWN[code]
        self.message = text.format(detail)
        super().__init__(self.message)

    def body(self) -> dict[str, Any]:
        """The JSON body as Twilio writes it."""
        more_info = f"https://www.twilio.com/docs/errors/{self.code}"
        return {"code": self.code, "message": self.message, "more_info": more_info, "status": self.status}


async def answer_twilio_error(request: Request, error: Exception) -> JSONResponse:
    """FastAPI exception handler for `TwilioError`."""
    assert isinstance(error, TwilioError)
    headers = {"WWW-Authenticate": 'Basic realm="Twilio API"'} if error.status == 401 else None
    return JSONResponse(error.body(), status_code=error.status, headers=headers)
