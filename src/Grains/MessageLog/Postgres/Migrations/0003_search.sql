-- The search index. All of it is derived from the log: a copy of the store leaves it behind, and the indexer makes it anew.

-- How far a conversation is indexed: everything up to this rev, and the seq of the last message of it.
create table search_progress (
    tenant_id text collate "C" not null,
    conversation_id text collate "C" not null,
    rev bigint not null,
    seq bigint not null,
    primary key (tenant_id, conversation_id)
) with (fillfactor = 70);

-- document rises with the message's time: first its millisecond, then a place among those of the same one. words are terms of
-- the program's tokenizer, without positions: what a hit is, the message's own text says.
create table search_documents (
    tenant_id text collate "C" not null,
    document bigint not null,
    conversation_id text collate "C" not null,
    seq bigint not null,
    words tsvector not null,
    primary key (tenant_id, document),
    unique (tenant_id, conversation_id, seq)
);

-- Only the indexer writes here, so nobody waits when it does; a list of pending entries would be read by every search.
create index search_documents_words on search_documents using gin (words) with (fastupdate = off);
