-- The few messages that may mention somebody: whether a conversation is among those with mentions is asked of these alone, however
-- many messages are unread. Building it reads every message once, and posts wait meanwhile.
create index messages_that_may_mention on messages (tenant_id, conversation_id, seq) where mentions is not null or kind = 2;
