-- Messages that can still expire, by age: what retention looks for without walking over what stays or has gone already.
create index messages_by_age on messages (tenant_id, conversation_id, created_at, seq) where kind = 1 and deleted_at is null;
