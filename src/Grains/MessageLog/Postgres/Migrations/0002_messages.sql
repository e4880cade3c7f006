-- What a message became: edited (version counts from 1, earlier texts in message_versions), deleted (the row stays, its
-- text is empty), reacted to. mentions is {"users":[…],"all":true,"here":[…]}, first_mentions what it was when posted, if that differs.
alter table messages
    add column version integer not null default 1,
    add column edited_at timestamptz,
    add column deleted_at timestamptz,
    add column deleted_by text collate "C",
    add column mentions jsonb,
    add column first_mentions jsonb,
    add column reply_to_seq bigint,
    add column reacted boolean not null default false;

-- The texts that were replaced or deleted, for export and for the people of the conversation where the tenant shows them.
create table message_versions (
    tenant_id text collate "C" not null,
    conversation_id text collate "C" not null,
    seq bigint not null,
    version integer not null,
    text text not null,
    mentions jsonb,
    written_at timestamptz not null,
    primary key (tenant_id, conversation_id, seq, version),
    foreign key (tenant_id, conversation_id, seq) references messages (tenant_id, conversation_id, seq)
);

-- Who is mentioned by name in what stands now: one row per person and message. done_at: the person is done with it.
create table mentions (
    tenant_id text collate "C" not null,
    user_id text collate "C" not null,
    conversation_id text collate "C" not null,
    seq bigint not null,
    done_at timestamptz,
    primary key (tenant_id, user_id, conversation_id, seq),
    foreign key (tenant_id, conversation_id, seq) references messages (tenant_id, conversation_id, seq),
    foreign key (tenant_id, user_id) references users (tenant_id, user_id)
);

create table reactions (
    tenant_id text collate "C" not null,
    conversation_id text collate "C" not null,
    seq bigint not null,
    emoji text collate "C" not null,
    user_id text collate "C" not null,
    rev bigint not null,
    primary key (tenant_id, conversation_id, seq, emoji, user_id),
    foreign key (tenant_id, conversation_id, seq) references messages (tenant_id, conversation_id, seq),
    foreign key (tenant_id, user_id) references users (tenant_id, user_id)
);

-- Names that a group had before, to be found by.
create table former_titles (
    tenant_id text collate "C" not null,
    conversation_id text collate "C" not null,
    rev bigint not null,
    title text not null,
    primary key (tenant_id, conversation_id, rev),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, conversation_id)
);

-- Who did what, written with it in one transaction and never changed. id is only a name: a UUID of version 7.
create table audit (
    tenant_id text collate "C" not null references tenants,
    id uuid not null,
    at timestamptz not null,
    actor_id text collate "C" not null,
    action text not null,
    conversation_id text collate "C",
    details jsonb not null,
    primary key (tenant_id, id)
);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'audit is append-only' using errcode = 'insufficient_privilege';
end $$;

create trigger audit_append_only before update or delete or truncate on audit
    for each statement execute function audit_is_append_only();

-- A command's author, id and content, where it caused no message (rule M3), and the message that was changed.
alter table changes
    add column message_seq bigint,
    add column author_id text collate "C",
    add column client_id uuid,
    add column content_hash bytea,
    add unique (tenant_id, conversation_id, author_id, client_id);

-- level: 0 the kind's default, 1 all, 2 mentions, 3 nothing. A message posted within [muted_from, muted_until) was muted;
-- muted_until is null until somebody says when it ends.
alter table participants
    add column level smallint not null default 0,
    add column muted_from timestamptz,
    add column muted_until timestamptz;
