-- State of grains that belongs to one grain alone (preferences), as JSON. The key begins with the grain's type; the tenant is part of it.
create table grain_states (
    name text not null,
    key text not null,
    version integer not null,
    content text not null check (json_valid(content)),
    primary key (name, key)
) without rowid;
