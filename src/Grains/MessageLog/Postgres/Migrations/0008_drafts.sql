-- What people have written and not sent yet. A draft that is gone keeps its row with an empty text, so that its version is never
-- given twice. No foreign key to conversations: a direct one does not exist before its first message, which may be this draft.
create table drafts (
    tenant_id text collate "C" not null,
    user_id text collate "C" not null,
    conversation_id text collate "C" not null,
    version bigint not null,
    text text not null,
    reply_to_seq bigint,
    at timestamptz not null,
    primary key (tenant_id, user_id, conversation_id),
    foreign key (tenant_id, user_id) references users (tenant_id, user_id)
);

-- A draft goes in the commit in which the membership ends. A trigger, because its statement looks when the membership's row is locked:
-- it also sees a draft that was saved while the end waited for that row.
create function forget_draft() returns trigger language plpgsql as $$
begin
    update drafts set version = version + 1, text = '', reply_to_seq = null
    where tenant_id = new.tenant_id and user_id = new.user_id and conversation_id = new.conversation_id and text <> '';
    return null;
end $$;

create trigger participants_forget_draft after update of left_seq on participants
    for each row when (new.left_seq is not null) execute function forget_draft();
