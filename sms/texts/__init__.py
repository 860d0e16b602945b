"""Every sentence that Hadir sends by SMS, and nothing else sends one.

GSM-7, one segment of 160 letters over a roster of 45-letter names (fields are dropped in a fixed
order until it fits), no URL, no NIP, dates like "12 Des", none of the words carriers filter.
Illness is only ever "sakit". One module per listener; others say `texts.receipt(...)`.
"""

from sms.texts.of_the_day import *
from sms.texts.questions import *
from sms.texts.to_decider import *
from sms.texts.to_employee import *
from sms.texts.to_office import *
from sms.texts.to_phones import *
from sms.texts.words import *
