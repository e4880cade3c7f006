-- Times are microseconds since 1970 UTC. Ids compare byte by byte.

create table tenants (
    tenant_id text not null,
    created_at integer not null,
    primary key (tenant_id)
) without rowid;

create table users (
    tenant_id text not null references tenants,
    user_id text not null,
    name text not null,
    role integer not null,
    active integer not null,
    created_at integer not null,
    primary key (tenant_id, user_id)
) without rowid;

-- The head row: rev and seq move only by compare-and-swap. last_message_seq is the last countable message, 0 for none.
create table conversations (
    tenant_id text not null references tenants,
    conversation_id text not null,
    kind integer not null,
    type text not null check (type in ('INTERNAL', 'CONTACT')),
    title text,
    rev integer not null,
    seq integer not null,
    members_rev integer not null,
    created_by text not null,
    created_at integer not null,
    last_activity_at integer not null,
    last_message_seq integer not null,
    primary key (tenant_id, conversation_id),
    foreign key (tenant_id, created_by) references users (tenant_id, user_id),
    check (seq >= 0 and rev >= seq)
) without rowid;

-- One row per membership interval [joined_seq, left_seq); left_seq is null while it lasts.
create table participants (
    tenant_id text not null,
    conversation_id text not null,
    user_id text not null,
    joined_rev integer not null,
    joined_seq integer not null,
    left_rev integer,
    left_seq integer,
    read_seq integer not null,
    read_version integer not null,
    primary key (tenant_id, conversation_id, user_id, joined_rev),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, conversation_id),
    foreign key (tenant_id, user_id) references users (tenant_id, user_id),
    check (left_seq is null or left_seq >= joined_seq)
) without rowid;

create unique index participants_current on participants (tenant_id, conversation_id, user_id) where left_seq is null;
create index participants_of_user on participants (tenant_id, user_id) where left_seq is null;

-- Rows lie in the order of their commits (rowid), and stored_at never falls along it: what was stored lately is the end.
create table messages (
    tenant_id text not null,
    conversation_id text not null,
    seq integer not null,
    rev integer not null,
    kind integer not null,
    author_id text not null,
    client_id blob not null,
    content_hash blob not null,
    text text not null,
    fact text check (fact is null or json_valid(fact)),
    created_at integer not null,
    stored_at integer not null,
    primary key (tenant_id, conversation_id, seq),
    unique (tenant_id, conversation_id, author_id, client_id),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, conversation_id),
    foreign key (tenant_id, author_id) references users (tenant_id, user_id)
);

create table changes (
    tenant_id text not null,
    conversation_id text not null,
    rev integer not null,
    at integer not null,
    kind text not null,
    seq integer not null,
    payload text not null check (json_valid(payload)),
    stored_at integer not null,
    primary key (tenant_id, conversation_id, rev),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, conversation_id)
);

-- The log: exactly one row per rev.
create view conversation_changes as
select tenant_id, conversation_id, rev, seq, 'posted' as kind, null as payload, created_at as at, stored_at from messages
union all
select tenant_id, conversation_id, rev, seq, kind, payload, at, stored_at from changes;
