-- What a message became: edited (version counts from 1, earlier texts in message_versions), deleted (the row stays, its
-- text is empty), reacted to. mentions is {"users":[…],"all":true,"here":[…]}, first_mentions what it was when posted, if that differs.
alter table messages add column version integer not null default 1;
alter table messages add column edited_at integer;
alter table messages add column deleted_at integer;
alter table messages add column deleted_by text;
alter table messages add column mentions text check (mentions is null or json_valid(mentions));
alter table messages add column first_mentions text check (first_mentions is null or json_valid(first_mentions));
alter table messages add column reply_to_seq integer;
alter table messages add column reacted integer not null default 0;

-- The texts that were replaced or deleted, for export and for the people of the conversation where the tenant shows them.
create table message_versions (
    tenant_id text not null,
    conversation_id text not null,
    seq integer not null,
    version integer not null,
    text text not null,
    mentions text check (mentions is null or json_valid(mentions)),
    written_at integer not null,
    primary key (tenant_id, conversation_id, seq, version),
    foreign key (tenant_id, conversation_id, seq) references messages (tenant_id, conversation_id, seq)
) without rowid;

-- Who is mentioned by name in what stands now: one row per person and message. done_at: the person is done with it.
create table mentions (
    tenant_id text not null,
    user_id text not null,
    conversation_id text not null,
    seq integer not null,
    done_at integer,
    primary key (tenant_id, user_id, conversation_id, seq),
    foreign key (tenant_id, conversation_id, seq) references messages (tenant_id, conversation_id, seq),
    foreign key (tenant_id, user_id) references users (tenant_id, user_id)
) without rowid;

create table reactions (
    tenant_id text not null,
    conversation_id text not null,
    seq integer not null,
    emoji text not null,
    user_id text not null,
    rev integer not null,
    primary key (tenant_id, conversation_id, seq, emoji, user_id),
    foreign key (tenant_id, conversation_id, seq) references messages (tenant_id, conversation_id, seq),
    foreign key (tenant_id, user_id) references users (tenant_id, user_id)
) without rowid;

-- Names that a group had before, to be found by.
create table former_titles (
    tenant_id text not null,
    conversation_id text not null,
    rev integer not null,
    title text not null,
    primary key (tenant_id, conversation_id, rev),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, conversation_id)
) without rowid;

-- Who did what, written with it in one transaction and never changed. id is only a name: a UUID of version 7.
create table audit (
    tenant_id text not null references tenants,
    id blob not null,
    at integer not null,
    actor_id text not null,
    action text not null,
    conversation_id text,
    details text not null check (json_valid(details)),
    primary key (tenant_id, id)
) without rowid;

create trigger audit_never_updated before update on audit begin
    select raise(abort, 'audit is append-only');
end;

create trigger audit_never_deleted before delete on audit begin
    select raise(abort, 'audit is append-only');
end;

-- A command's author, id and content, where it caused no message (rule M3), and the message that was changed.
alter table changes add column message_seq integer;
alter table changes add column author_id text;
alter table changes add column client_id blob;
alter table changes add column content_hash blob;
create unique index changes_of_command on changes (tenant_id, conversation_id, author_id, client_id);

-- level: 0 the kind's default, 1 all, 2 mentions, 3 nothing. A message posted within [muted_from, muted_until) was muted;
-- muted_until is null until somebody says when it ends.
alter table participants add column level integer not null default 0;
alter table participants add column muted_from integer;
alter table participants add column muted_until integer;
