-- What the order of a chat list asks of each conversation, again: in rows so small, and found by so short a key, that ten thousand
-- of them cost a few milliseconds. Triggers keep them, so that no statement that moves a head can forget to.
create table conversation_heads (
    number integer not null primary key,
    kind integer not null,
    seq integer not null,
    last_activity_at integer not null
);

-- Numbers rise with each conversation and say nothing else.
alter table conversations add column number integer;

update conversations set number = numbered.number
from (select tenant_id, conversation_id, row_number() over (order by created_at, tenant_id, conversation_id) as number from conversations) numbered
where numbered.tenant_id = conversations.tenant_id and numbered.conversation_id = conversations.conversation_id;

insert into conversation_heads (number, kind, seq, last_activity_at)
select number, kind, seq, last_activity_at from conversations order by number;

create trigger conversation_heads_begin after insert on conversations begin
    insert into conversation_heads (number, kind, seq, last_activity_at) values (new.number, new.kind, new.seq, new.last_activity_at);
end;

create trigger conversation_heads_move after update of seq, last_activity_at on conversations begin
    update conversation_heads set seq = new.seq, last_activity_at = new.last_activity_at where number = new.number;
end;

-- A chat list walks this index and the heads alone; only what is shown is read from the tables.
alter table participants add column conversation_number integer;

update participants set conversation_number = c.number
from conversations c
where c.tenant_id = participants.tenant_id and c.conversation_id = participants.conversation_id;

drop index participants_of_user;
create index participants_of_user on participants (tenant_id, user_id, conversation_number, read_seq, left_seq) where left_seq is null;
