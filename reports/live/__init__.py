"""The live page: one snapshot a second of a project, computed once and shared by all who look.

`figures`, `history` and `notices` read; `tiles` says it in words; `snapshot` joins them; `shared` keeps the newest one;
`ticker` hands it to the subscribers of a process, `stream` to one client.
"""
