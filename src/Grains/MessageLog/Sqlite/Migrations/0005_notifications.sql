-- A chat list walks these alone: the cursor is in the index, so that only what is shown is read from the table.
drop index participants_of_user;
create index participants_of_user on participants (tenant_id, user_id, conversation_id, read_seq) where left_seq is null;

-- The few messages that may mention somebody: whether a conversation is among those with mentions is asked of these alone.
create index messages_that_may_mention on messages (tenant_id, conversation_id, seq) where mentions is not null or kind = 2;

-- What marking everything as read moved: where the cursor was, and the version that it got. Undone only while nothing else moved it.
alter table participants add column undo_token blob;
alter table participants add column undo_read_seq integer;
alter table participants add column undo_version integer;

-- Settings that somebody replaced, and until when they were in force: what counted for a message is the first that ended after it.
create table notification_settings_log (
    tenant_id text not null,
    conversation_id text not null,
    user_id text not null,
    read_version integer not null,
    ended_at integer not null,
    level integer not null,
    muted_from integer,
    muted_until integer,
    primary key (tenant_id, conversation_id, user_id, read_version),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, conversation_id),
    foreign key (tenant_id, user_id) references users (tenant_id, user_id)
) without rowid;

create index notification_settings_log_ended on notification_settings_log (ended_at);

-- What people's devices did with messages. outcome: 1 shown, 2 held by the rule of focus, 3 held by do-not-disturb, 4 closed.
create table notification_reports (
    tenant_id text not null,
    conversation_id text not null,
    user_id text not null,
    seq integer not null,
    device text not null,
    outcome integer not null,
    at integer not null,
    primary key (tenant_id, conversation_id, user_id, seq, device, outcome),
    foreign key (tenant_id, conversation_id) references conversations (tenant_id, conversation_id),
    foreign key (tenant_id, user_id) references users (tenant_id, user_id)
) without rowid;

create index notification_reports_at on notification_reports (at);

-- When somebody last let somebody else be notified in spite of do-not-disturb.
create table notify_now (
    tenant_id text not null,
    sender_id text not null,
    user_id text not null,
    at integer not null,
    primary key (tenant_id, sender_id, user_id),
    foreign key (tenant_id, sender_id) references users (tenant_id, user_id),
    foreign key (tenant_id, user_id) references users (tenant_id, user_id)
) without rowid;
