"""The packaged canaries: four good answers, and four that are wrong each in its own way."""

from typing import Any

RETURNS = "Goods may be returned within 30 days of delivery. The buyer pays for the return unless the goods are faulty."
BRIDGE = "The Golden Gate Bridge opened on 27 May 1937. Its main span is 1,280 metres long."
VACCINE = (
    "The first dose is given at the age of two months, the second one at four months. Fever below 39 degrees is common."
)
TICKETS = "Tickets can be changed without a fee until 24 hours before departure. After that, a change costs 20 euros."

STARTERS: tuple[dict[str, Any], ...] = (
    {
        "name": "good: returns",
        "question": "How long can I return what I bought?",
        "answer": "You can return goods within 30 days of delivery.",
        "passages": (RETURNS,),
        "reference": "Within 30 days of delivery.",
        "is_good": True,
    },
    {
        "name": "good: bridge",
        "question": "When did the Golden Gate Bridge open, and how long is its main span?",
        "answer": "It opened on 27 May 1937, and its main span is 1,280 metres long.",
        "passages": (BRIDGE,),
        "reference": "27 May 1937; 1,280 metres.",
        "is_good": True,
    },
    {
        "name": "good: doses",
        "question": "At what age are the first two doses given?",
        "answer": "The first dose is given at two months of age and the second at four months.",
        "passages": (VACCINE,),
        "reference": "At two and at four months.",
        "is_good": True,
    },
    {
        "name": "good: ticket",
        "question": "What does it cost to change my ticket two days before I leave?",
        "answer": "Nothing: until 24 hours before departure a change is free.",
        "passages": (TICKETS,),
        "reference": "It is free.",
        "is_good": True,
    },
    {
        "name": "bad: another number",
        "question": "How long can I return what I bought?",
        "answer": "You can return goods within 90 days of delivery.",
        "passages": (RETURNS,),
        "reference": "Within 30 days of delivery.",
        "is_good": False,
    },
    {
        "name": "bad: made up",
        "question": "When did the Golden Gate Bridge open, and how long is its main span?",
        "answer": "It opened in 1925 after an earthquake, and was painted blue; its main span is 3 kilometres long.",
        "passages": (BRIDGE,),
        "reference": "27 May 1937; 1,280 metres.",
        "is_good": False,
    },
    {
        "name": "bad: off topic",
        "question": "At what age are the first two doses given?",
        "answer": "Our offices are closed on Sundays, and the car park is behind the building.",
        "passages": (VACCINE,),
        "reference": "At two and at four months.",
        "is_good": False,
    },
    {
        "name": "bad: the opposite",
        "question": "What does it cost to change my ticket two days before I leave?",
        "answer": "Two days before departure a change always costs 20 euros, and it is never free.",
        "passages": (TICKETS,),
        "reference": "It is free.",
        "is_good": False,
    },
)
