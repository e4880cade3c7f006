-- Ids compare byte by byte (collation C), on every server alike.

create table tenants (
    tenant_id text collate "C" not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id)
);

create table users (
    tenant_id text collate "C" not null references tenants,
    user_id text collate "C" not null,
    name text not null,
    role smallint not null,
    active boolean not null,
    created_at timestamptz not null default now(),
    primary key (tenant_id, user_id)
);

-- The head row: rev and seq move only by compare-and-swap. last_message_seq is the last countable message, 0 for none.
-- Nothing that moves is indexed and pages keep room, so an append updates the row in place (HOT).
create table conversations (
    tenant_id text collate "C" not null references tenants,
    conversation_id text collate "C" not null,
    kind smallint not null,
    type text not null check (type in ('INTERNAL', 'CONTACT')),
    title text,
    rev bigint not null,
    seq bigint not null,
    members_rev bigint not null,
    created_by text collate "C" not null,
    created_at timestamptz not null,
    last_activity_at timestamptz not null,
    last_message_seq bigint not null,
    primary key (tenant_id, conversation_id),
    foreign key (tenant_id, created_by) references users (tenant_id, user_id),
    check (seq >= 0 and rev >= seq)
) with (fillfactor = 70);

-- One row per membership interval [joined_seq, left_seq); left_seq is null while it lasts.
create table participants (
    tenant_id text collate "C" not null,
    conversation_id text collate "C" not null,
    user_id text collate "C" not null,
    joined_rev bigint not null,
    joined_seq bigint not null,
    left_rev bigint,
    left_seq bigint,
    read_seq bigint not null,
    read_version bigint not null,
    primary key (tenant_id, conversation_id, user_id, joined_rev),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, conversation_id),
    foreign key (tenant_id, user_id) references users (tenant_id, user_id),
    check (left_seq is null or left_seq >= joined_seq)
) with (fillfactor = 80);

create unique index participants_current on participants (tenant_id, conversation_id, user_id) where left_seq is null;
create index participants_of_user on participants (tenant_id, user_id) where left_seq is null;

create table messages (
    tenant_id text collate "C" not null,
    conversation_id text collate "C" not null,
    seq bigint not null,
    rev bigint not null,
    kind smallint not null,
    author_id text collate "C" not null,
    client_id uuid not null,
    content_hash bytea not null,
    text text not null,
    fact jsonb,
    created_at timestamptz not null,
    stored_at timestamptz not null default now(),
    primary key (tenant_id, conversation_id, seq),
    unique (tenant_id, conversation_id, author_id, client_id),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, conversation_id),
    foreign key (tenant_id, author_id) references users (tenant_id, user_id)
);

create index messages_stored on messages using brin (stored_at) with (pages_per_range = 32, autosummarize = on);

create table changes (
    tenant_id text collate "C" not null,
    conversation_id text collate "C" not null,
    rev bigint not null,
    at timestamptz not null,
    kind text not null,
    seq bigint not null,
    payload jsonb not null,
    stored_at timestamptz not null default now(),
    primary key (tenant_id, conversation_id, rev),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, conversation_id)
);

create index changes_stored on changes using brin (stored_at) with (pages_per_range = 32, autosummarize = on);

-- The log: exactly one row per rev.
create view conversation_changes as
select tenant_id, conversation_id, rev, seq, 'posted'::text as kind, null::jsonb as payload, created_at as at, stored_at from messages
union all
select tenant_id, conversation_id, rev, seq, kind, payload, at, stored_at from changes;
