-- The search index. All of it is derived from the log: a copy of the store leaves it behind, and the indexer makes it anew.

-- How far a conversation is indexed: everything up to this rev, and the seq of the last message of it.
create table search_progress (
    tenant_id text not null,
    conversation_id text not null,
    rev integer not null,
    seq integer not null,
    primary key (tenant_id, conversation_id)
) without rowid;

-- document rises with the message's time: first its millisecond, then a place among those of the same one.
create table search_documents (
    document integer not null primary key,
    tenant_id text not null,
    conversation_id text not null,
    seq integer not null,
    unique (tenant_id, conversation_id, seq)
);

-- Terms come from the program's tokenizer, separated by spaces; every other sign of ASCII belongs to a term. Only which document
-- has a term is kept: what a hit is, the message's own text says.
create virtual table search_words using fts5(
    words,
    content = '',
    contentless_delete = 1,
    detail = none,
    tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\]^_`{|}~'"
);
