"""Posts of an import: named ones with their holders, and one for everybody who has subordinates.

An employee reports to a post. Where the supervisor heads a unit or a part of it the post is that
one, so that a new head takes over everybody at once; else it is a post of the supervisor's own
(`supervisor:NIP`), made when the first person reports to them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from domain.people import Capacity, PostKind
from domain.roster.rows import HolderRow, PersonRow
from domain.roster.succession import Held, Succession, Wanted, succeed
from domain.roster.words import PostName
from services.roster.batch import Batch
from services.roster.people import People
from services.roster.work import Work
from store import roster_queries
from store.people import Post, PostHolder, Unit
from store.roster_queries import Holding, Place, StoredPost, StoredUnit

OWN = "supervisor:"
LEADS = {PostKind.HEAD: 0, PostKind.KASUBAG: 1, PostKind.SUPERVISOR: 2}
SOLID = {Capacity.DEFINITIVE: 0, Capacity.PLT: 1}


@dataclass
class Posts:
    """The posts as stored, who holds them from the day on, and to which each person reports."""

    by_key: dict[tuple[int, str], StoredPost]
    reports_to: dict[int, int | None] = field(default_factory=dict)
    deciders: set[int] = field(default_factory=set)
    """Employees who hold a post."""


def bring_posts(
    work: Work, people: People, units: dict[str, StoredUnit], places: dict[int, list[Held[Place]]]
) -> Posts:
    """Make posts and holders those of the tables."""
    before = roster_queries.holders(work.tx, work.as_of)
    posts = Posts(_named_posts(work, units))
    wanted = _wanted_holders(work, people, units, posts.by_key)
    holding = _holding_on(work, before, wanted)
    own = _report_lines(work, people, units, posts, holding)
    _keep_needed(work, people, places, posts, own)
    _hang_posts(work, people, units, posts)
    for post_id, employee_id in own.items():
        wanted[post_id] = [Wanted(Holding(employee_id, Capacity.DEFINITIVE))]
    _write_holders(work, posts, before, wanted, _scope(work, units, posts))
    now_held = roster_queries.holders(work.tx, work.as_of)
    posts.deciders = {
        row.key.employee_id for rows in (*before.values(), *now_held.values()) for row in rows
    }
    return posts


# --- named posts -----------------------------------------------------------------------------


def _named_posts(work: Work, units: dict[str, StoredUnit]) -> dict[tuple[int, str], StoredPost]:
    """The posts with those of the table made or renamed."""
    stored = roster_queries.posts(work.tx)
    named: dict[tuple[int, str], PostName] = {}
    for row in work.roster.holders or ():
        key = (units[row.unit_code].id, row.post.code)
        if row.capacity is Capacity.DEFINITIVE or key not in named:
            named[key] = row.post
    new = [
        {"unit_id": unit_id, "code": code, "title": post.title, "kind": post.kind}
        for (unit_id, code), post in named.items()
        if (unit_id, code) not in stored
    ]
    renamed = [
        {"id": stored[key].id, "title": post.title}
        for key, post in named.items()
        if key in stored and stored[key].title != post.title
    ]
    roster_queries.add(work.tx, Post, new)
    roster_queries.change(work.tx, Post, renamed)
    _label_kasubags(work, units, named)
    work.report.counts["jabatan baru"] += len(new)
    work.report.counts["nama jabatan"] += len(renamed)
    return roster_queries.posts(work.tx) if new or renamed else stored


def _label_kasubags(
    work: Work, units: dict[str, StoredUnit], named: dict[tuple[int, str], PostName]
) -> None:
    """What a unit calls its Kasubag Umum is what people there read."""
    labels = {
        unit_id: post.title[:60]
        for (unit_id, _), post in named.items()
        if post.kind is PostKind.KASUBAG
    }
    changed = [
        {"id": unit.id, "kasubag_label": labels[unit.id]}
        for unit in units.values()
        if unit.id in labels and unit.kasubag_label != labels[unit.id]
    ]
    roster_queries.change(work.tx, Unit, changed)


def _wanted_holders(
    work: Work,
    people: People,
    units: dict[str, StoredUnit],
    posts: dict[tuple[int, str], StoredPost],
) -> dict[int, list[Wanted[Holding]]]:
    """The holders of the table by post id."""
    wanted: dict[int, list[Wanted[Holding]]] = defaultdict(list)
    for row in work.roster.holders or ():
        post = posts[units[row.unit_code].id, row.post.code]
        wanted[post.id].append(_wanted(row, people))
    return wanted


def _wanted(row: HolderRow, people: People) -> Wanted[Holding]:
    holding = Holding(people.id_of(row.nip), row.capacity)
    return Wanted(holding, row.first_day, row.last_day)


def _holding_on(
    work: Work,
    before: dict[int, list[Held[Holding]]],
    wanted: dict[int, list[Wanted[Holding]]],
) -> dict[int, list[tuple[int, Capacity]]]:
    """Which posts each person holds on the day, by employee: by the table, else as stored."""
    holding: dict[int, list[tuple[int, Capacity]]] = defaultdict(list)
    spans: Iterable[tuple[int, Held[Holding] | Wanted[Holding]]]
    if work.roster.holders is not None:
        spans = ((post_id, row) for post_id, rows in wanted.items() for row in rows)
    else:
        spans = ((post_id, row) for post_id, rows in before.items() for row in rows)
    for post_id, row in spans:
        if (row.first or work.as_of) <= work.as_of and (row.last is None or row.last >= work.as_of):
            holding[row.key.employee_id].append((post_id, row.key.capacity))
    return holding


# --- who reports to whom ---------------------------------------------------------------------


def _report_lines(
    work: Work,
    people: People,
    units: dict[str, StoredUnit],
    posts: Posts,
    holding: dict[int, list[tuple[int, Capacity]]],
) -> dict[int, int]:
    """To which post everybody in the table reports; returns the posts of their own that
    supervisors need, with the supervisor."""
    by_id = {post.id: post for post in posts.by_key.values()}
    own_posts = {post.code: post for post in posts.by_key.values() if post.code.startswith(OWN)}
    codes = {unit.id: unit.code for unit in units.values()}
    lacking: dict[str, PersonRow] = {}
    for employee_id, row in people.listed:
        if row.supervisor_nip is None:
            posts.reports_to[employee_id] = None
            continue
        boss_id = people.id_of(row.supervisor_nip)
        post_id = _post_of_boss(holding.get(boss_id, ()), by_id, units[row.unit_code], codes)
        own = own_posts.get(f"{OWN}{row.supervisor_nip}")
        if post_id is None and own is not None:
            post_id = own.id
        if post_id is None:
            lacking[row.supervisor_nip] = row
        posts.reports_to[employee_id] = post_id
    if lacking:
        _make_own_posts(work, people, units, posts, lacking)
    in_use = set(posts.reports_to.values())
    return {
        post.id: people.id_of(post.code.removeprefix(OWN))
        for post in posts.by_key.values()
        if post.code.startswith(OWN) and post.id in in_use
    }


def _post_of_boss(
    held: Iterable[tuple[int, Capacity]],
    by_id: dict[int, StoredPost],
    unit: StoredUnit,
    codes: dict[int, str],
) -> int | None:
    """The post by which somebody leads a person of that unit: in the unit, in the nearest above
    it, or any other that is theirs for good."""
    path = [int(part) for part in unit.path.split("/") if part]

    def distance(post: StoredPost) -> int:
        return path[::-1].index(post.unit_id) if post.unit_id in path else len(path)

    leading = [
        (distance(post), SOLID[capacity], codes[post.unit_id], LEADS[post.kind], post.code, post.id)
        for post, capacity in ((by_id[post_id], capacity) for post_id, capacity in held)
        if post.kind in LEADS
        and not post.code.startswith(OWN)
        and (capacity is Capacity.DEFINITIVE or (capacity in SOLID and post.unit_id == unit.id))
    ]
    return min(leading)[-1] if leading else None


def _make_own_posts(
    work: Work,
    people: People,
    units: dict[str, StoredUnit],
    posts: Posts,
    lacking: dict[str, PersonRow],
) -> None:
    new = []
    for nip, subordinate in lacking.items():
        boss = people.rows.get(nip)
        unit = units[(boss or subordinate).unit_code]
        title = (boss.position if boss else "") or "Atasan langsung"
        new.append(
            {
                "unit_id": unit.id,
                "code": f"{OWN}{nip}",
                "title": title,
                "kind": PostKind.SUPERVISOR,
            }
        )
    roster_queries.add(work.tx, Post, new)
    work.report.counts["jabatan atasan baru"] += len(new)
    posts.by_key = roster_queries.posts(work.tx)
    own = {post.code: post.id for post in posts.by_key.values() if post.code.startswith(OWN)}
    for employee_id, row in people.listed:
        if posts.reports_to[employee_id] is None and row.supervisor_nip is not None:
            posts.reports_to[employee_id] = own[f"{OWN}{row.supervisor_nip}"]


def _keep_needed(
    work: Work,
    people: People,
    places: dict[int, list[Held[Place]]],
    posts: Posts,
    own: dict[int, int],
) -> None:
    """Posts under which people stay of whom the table says nothing keep their holder."""
    skip = {person.id for person in people.leavers}
    if "supervisor_nip" in work.roster.people_columns:
        skip.update(employee_id for employee_id, _ in people.listed)
    boss_of = {
        post.id: post.code.removeprefix(OWN)
        for post in posts.by_key.values()
        if post.code.startswith(OWN)
    }
    for employee_id, rows in places.items():
        for row in rows if employee_id not in skip else ():
            nip = boss_of.get(row.key.reports_to_id or 0)
            if nip in people.stored and row.key.reports_to_id is not None:
                own.setdefault(row.key.reports_to_id, people.id_of(nip))


def _hang_posts(work: Work, people: People, units: dict[str, StoredUnit], posts: Posts) -> None:
    """Write which post stands above each: a post without a holder falls to its parent's."""
    paths = {unit.id: [int(p) for p in unit.path.split("/") if p] for unit in units.values()}
    of_kind = {(post.unit_id, post.kind): post.id for post in posts.by_key.values()}
    changed = []
    for post in posts.by_key.values():
        boss = people.rows.get(post.code.removeprefix(OWN)) if post.code.startswith(OWN) else None
        unit_id = units[boss.unit_code].id if boss else post.unit_id
        parent = _post_above(post.kind, paths[unit_id], of_kind)
        if boss is not None and "supervisor_nip" in work.roster.people_columns:
            parent = posts.reports_to[people.id_of(boss.nip)] or parent
        if (parent, unit_id) != (post.parent_id, post.unit_id):
            changed.append({"id": post.id, "parent_id": parent, "unit_id": unit_id})
    roster_queries.change(work.tx, Post, changed)


def _post_above(
    kind: PostKind, path: list[int], of_kind: dict[tuple[int, PostKind], int]
) -> int | None:
    """The head of the unit, or of the nearest above; for an operator the unit's Kasubag."""
    if kind is PostKind.OPERATOR and (path[-1], PostKind.KASUBAG) in of_kind:
        return of_kind[path[-1], PostKind.KASUBAG]
    above = path[:-1] if kind is PostKind.HEAD else path
    heads = (of_kind.get((unit_id, PostKind.HEAD)) for unit_id in reversed(above))
    return next(filter(None, heads), None)


# --- holders ---------------------------------------------------------------------------------


def _scope(work: Work, units: dict[str, StoredUnit], posts: Posts) -> set[int]:
    """Posts whose holders this import decides. A row that was skipped leaves its unit's alone."""
    own = {post.id for post in posts.by_key.values() if post.code.startswith(OWN)}
    if work.roster.holders is None:
        return own
    unsure = {row.unit_code for row in work.roster.spoilt_holders}
    if "" in unsure:
        return own
    unsure_units = {units[code].id for code in unsure if code in units}
    return own | {post.id for post in posts.by_key.values() if post.unit_id not in unsure_units}


def _write_holders(
    work: Work,
    posts: Posts,
    before: dict[int, list[Held[Holding]]],
    wanted: dict[int, list[Wanted[Holding]]],
    scope: set[int],
) -> None:
    ever_held = roster_queries.posts_ever_held(work.tx)
    titles = {post.id: post.title for post in posts.by_key.values()}
    batch = Batch(PostHolder)
    for post_id in sorted(scope):
        wishes = wanted.get(post_id, [])
        if post_id in ever_held:
            change = succeed(_ended_by_file(before.get(post_id, ()), wishes), wishes, work.as_of)
        else:
            change = Succession(
                open=[(wish.key, wish.first or work.as_of, wish.last) for wish in wishes]
            )
        batch.take(change, post_id=post_id)
        work.report.counts["pejabat"] += len(change.open) + len(change.end) + len(change.drop)
        for row, _ in change.end:
            work.note(row.key.employee_id, f"until: {titles[post_id]}", str(work.as_of))
        for key, first, _ in change.open:
            work.note(key.employee_id, f"{key.capacity}: {titles[post_id]}", first.isoformat())
    batch.write(work)


def _ended_by_file(
    stored: Iterable[Held[Holding]], wishes: list[Wanted[Holding]]
) -> list[Held[Holding]]:
    """Rows that the table may end: a Plh with a last day was named by SMS and ends by itself."""
    named = {wish.key for wish in wishes}
    return [
        row
        for row in stored
        if row.key in named or row.key.capacity is not Capacity.PLH or row.last is None
    ]
