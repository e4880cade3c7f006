-- State of grains that can be rebuilt (preferences, who is subscribed to a stream), by Orleans' ADO.NET grain storage.
-- Its contract is that of 0001: keys, parameters and returned columns. Nothing that must not be lost is kept here.
--
-- The version is the etag: 1 for the first write, then +1 per write or clear. A write that names no version claims that
-- there is no row yet; one that names another version than the row's is refused. Refused means: no row or no version is
-- returned, and the grain gets an InconsistentStateException.

create table OrleansStorage (
    GrainIdHash integer not null,
    GrainIdN0 bigint not null,
    GrainIdN1 bigint not null,
    GrainTypeHash integer not null,
    GrainTypeString text collate "C" not null, -- the name of the state, not of the grain's class
    GrainIdExtensionString text collate "C",
    ServiceId text collate "C" not null,
    PayloadBinary bytea, -- null: cleared, the version lives on
    ModifiedOn timestamptz not null,
    Version integer not null
);

-- One row per state, whatever races. The hashes lead because every statement knows them and they tell states apart best.
-- Two keys without a text would not be equal, therefore the text and its absence stand in the index separately.
create unique index OrleansStorage_Key on OrleansStorage (
    GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, ServiceId,
    coalesce(GrainIdExtensionString, ''), (GrainIdExtensionString is null)
);

-- Returns the row's new version; null when the write is refused.
create function orleans_write_state(
    id_hash integer, id_n0 bigint, id_n1 bigint, type_hash integer, type_string text, id_text text, service_id text,
    known_version integer, payload bytea)
    returns integer
    language plpgsql
as $$
declare
    new_version integer;
begin
    if known_version is null then
        -- Of two first writes the later waits for the earlier one's commit, finds its row and writes nothing. The index is
        -- named by its columns: without it this fails instead of letting both through.
        insert into OrleansStorage
            (GrainIdHash, GrainIdN0, GrainIdN1, GrainTypeHash, GrainTypeString, GrainIdExtensionString, ServiceId, PayloadBinary, ModifiedOn, Version)
        values
            (id_hash, id_n0, id_n1, type_hash, type_string, id_text, service_id, payload, now(), 1)
        on conflict (
            GrainIdHash, GrainTypeHash, GrainIdN0, GrainIdN1, GrainTypeString, ServiceId,
            coalesce(GrainIdExtensionString, ''), (GrainIdExtensionString is null)
        ) do nothing
        returning Version into new_version;
    else
        update OrleansStorage
        set PayloadBinary = payload, ModifiedOn = now(), Version = Version + 1
        where GrainIdHash = id_hash and GrainTypeHash = type_hash and GrainIdN0 = id_n0 and GrainIdN1 = id_n1
            and GrainTypeString = type_string and ServiceId = service_id
            and coalesce(GrainIdExtensionString, '') = coalesce(id_text, '')
            and (GrainIdExtensionString is null) = (id_text is null)
            and Version = known_version
        returning Version into new_version;
    end if;

    return new_version;
end
$$;

insert into OrleansQuery (QueryKey, QueryText) values

('WriteToStorageKey', $query$
    select orleans_write_state(
        @GrainIdHash, @GrainIdN0, @GrainIdN1, @GrainTypeHash, @GrainTypeString, @GrainIdExtensionString, @ServiceId,
        @GrainStateVersion, @PayloadBinary) as NewGrainStateVersion
$query$),

('ReadFromStorageKey', $query$
    select PayloadBinary, ModifiedOn, Version
    from OrleansStorage
    where GrainIdHash = @GrainIdHash and GrainTypeHash = @GrainTypeHash and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1
        and GrainTypeString = @GrainTypeString and ServiceId = @ServiceId
        and coalesce(GrainIdExtensionString, '') = coalesce(@GrainIdExtensionString, '')
        and (GrainIdExtensionString is null) = (@GrainIdExtensionString is null)
$query$),

-- Keeps the row, so that a stale grain which comes later with an older version is still refused.
('ClearStorageKey', $query$
    update OrleansStorage
    set PayloadBinary = null, ModifiedOn = now(), Version = Version + 1
    where GrainIdHash = @GrainIdHash and GrainTypeHash = @GrainTypeHash and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1
        and GrainTypeString = @GrainTypeString and ServiceId = @ServiceId
        and coalesce(GrainIdExtensionString, '') = coalesce(@GrainIdExtensionString, '')
        and (GrainIdExtensionString is null) = (@GrainIdExtensionString is null)
        and Version = @GrainStateVersion
    returning Version as NewGrainStateVersion
$query$),

-- With DeleteStateOnClear. The caller compares what comes back with what it had, so it must differ: the version after.
('DeleteStorageKey', $query$
    delete from OrleansStorage
    where GrainIdHash = @GrainIdHash and GrainTypeHash = @GrainTypeHash and GrainIdN0 = @GrainIdN0 and GrainIdN1 = @GrainIdN1
        and GrainTypeString = @GrainTypeString and ServiceId = @ServiceId
        and coalesce(GrainIdExtensionString, '') = coalesce(@GrainIdExtensionString, '')
        and (GrainIdExtensionString is null) = (@GrainIdExtensionString is null)
        and Version = @GrainStateVersion
    returning Version + 1 as NewGrainStateVersion
$query$);
