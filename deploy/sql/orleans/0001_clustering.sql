-- Who is in the cluster. Orleans' ADO.NET clustering reads its statements from OrleansQuery when a silo or a client
-- starts and runs nothing else: the table and its two columns, the keys, the parameters (@…) and the columns that the
-- statements return are its contract. Tables, functions and statement texts are ours and may change by further scripts.
-- Ids compare byte by byte (collation C), on every server alike.

create table OrleansQuery (
    QueryKey text collate "C" not null,
    QueryText text not null,
    constraint OrleansQuery_Key primary key (QueryKey)
);

-- One row per cluster: its version is the etag of the whole membership. Every change of who is in raises it by one, and
-- only for a silo that knew the version before; so all silos see the same changes in the same order.
create table OrleansMembershipVersionTable (
    DeploymentId text collate "C" not null,
    Timestamp timestamptz not null default now(),
    Version integer not null default 0,
    constraint PK_OrleansMembershipVersionTable_DeploymentId primary key (DeploymentId)
);

-- One row per start of a silo. Times are timestamptz: the driver hands over and expects UTC, which a column without a
-- time zone refuses. SuspectTimes grows with every vote against the silo, therefore it has no length.
create table OrleansMembershipTable (
    DeploymentId text collate "C" not null,
    Address text collate "C" not null,
    Port integer not null,
    Generation integer not null,
    SiloName text not null,
    HostName text not null,
    Status integer not null, -- 0 None, 1 Created, 2 Joining, 3 Active, 4 ShuttingDown, 5 Stopping, 6 Dead
    ProxyPort integer,
    SuspectTimes text,
    StartTime timestamptz not null,
    IAmAliveTime timestamptz not null,
    constraint PK_MembershipTable_DeploymentId primary key (DeploymentId, Address, Port, Generation),
    constraint FK_MembershipTable_MembershipVersionTable_DeploymentId
        foreign key (DeploymentId) references OrleansMembershipVersionTable (DeploymentId)
);

-- Adds a silo and raises the cluster's version, both or nothing.
-- The version comes first: its row is what silos that write at the same time wait for, so they take locks in one order.
-- What is half done is undone by an exception that this function raises and catches itself. An ASSERT would not do: a
-- server that runs with plpgsql.check_asserts = off would keep the half.
create function orleans_insert_member(
    deployment_id text, silo_address text, silo_port integer, silo_generation integer, silo_name text, host_name text,
    silo_status integer, proxy_port integer, start_time timestamptz, i_am_alive_time timestamptz, known_version integer)
    returns boolean
    language plpgsql
as $$
begin
    update OrleansMembershipVersionTable
    set Version = Version + 1, Timestamp = now()
    where DeploymentId = deployment_id and Version = known_version;
    if not found then
        return false;
    end if;

    insert into OrleansMembershipTable
        (DeploymentId, Address, Port, Generation, SiloName, HostName, Status, ProxyPort, StartTime, IAmAliveTime)
    values
        (deployment_id, silo_address, silo_port, silo_generation, silo_name, host_name, silo_status, proxy_port, start_time, i_am_alive_time)
    on conflict on constraint PK_MembershipTable_DeploymentId do nothing;
    if not found then
        raise exception using errcode = 'OC001', message = 'the silo is in the table already';
    end if;

    return true;
exception
    when sqlstate 'OC001' then
        return false;
end
$$;

-- Changes what a silo is and raises the cluster's version, both or nothing (see above).
create function orleans_update_member(
    deployment_id text, silo_address text, silo_port integer, silo_generation integer,
    silo_status integer, suspect_times text, i_am_alive_time timestamptz, known_version integer)
    returns boolean
    language plpgsql
as $$
begin
    update OrleansMembershipVersionTable
    set Version = Version + 1, Timestamp = now()
    where DeploymentId = deployment_id and Version = known_version;
    if not found then
        return false;
    end if;

    update OrleansMembershipTable
    set Status = silo_status, SuspectTimes = suspect_times, IAmAliveTime = i_am_alive_time
    where DeploymentId = deployment_id and Address = silo_address and Port = silo_port and Generation = silo_generation;
    if not found then
        raise exception using errcode = 'OC001', message = 'the silo is not in the table';
    end if;

    return true;
exception
    when sqlstate 'OC001' then
        return false;
end
$$;

insert into OrleansQuery (QueryKey, QueryText) values

-- True for the silo that made the cluster's row.
('InsertMembershipVersionKey', $query$
    with made as (
        insert into OrleansMembershipVersionTable (DeploymentId) values (@DeploymentId)
        on conflict (DeploymentId) do nothing
        returning 1
    )
    select exists (select from made) as Done
$query$),

('InsertMembershipKey', $query$
    select orleans_insert_member(
        @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName,
        @Status, @ProxyPort, @StartTime, @IAmAliveTime, @Version) as Done
$query$),

('UpdateMembershipKey', $query$
    select orleans_update_member(
        @DeploymentId, @Address, @Port, @Generation, @Status, @SuspectTimes, @IAmAliveTime, @Version) as Done
$query$),

-- A sign of life changes nobody's picture of the cluster: no version.
('UpdateIAmAlivetimeKey', $query$
    update OrleansMembershipTable
    set IAmAliveTime = @IAmAliveTime
    where DeploymentId = @DeploymentId and Address = @Address and Port = @Port and Generation = @Generation
$query$),

-- Both reads return the version even when there is no silo: one row then, whose columns of the silo are null.
('MembershipReadRowKey', $query$
    select
        cluster.DeploymentId, silo.Address, silo.Port, silo.Generation, silo.SiloName, silo.HostName, silo.Status,
        silo.ProxyPort, silo.SuspectTimes, silo.StartTime, silo.IAmAliveTime, cluster.Version
    from OrleansMembershipVersionTable cluster
    left join OrleansMembershipTable silo
        on silo.DeploymentId = cluster.DeploymentId
        and silo.Address = @Address and silo.Port = @Port and silo.Generation = @Generation
    where cluster.DeploymentId = @DeploymentId
$query$),

('MembershipReadAllKey', $query$
    select
        cluster.DeploymentId, silo.Address, silo.Port, silo.Generation, silo.SiloName, silo.HostName, silo.Status,
        silo.ProxyPort, silo.SuspectTimes, silo.StartTime, silo.IAmAliveTime, cluster.Version
    from OrleansMembershipVersionTable cluster
    left join OrleansMembershipTable silo on silo.DeploymentId = cluster.DeploymentId
    where cluster.DeploymentId = @DeploymentId
$query$),

-- For clients. A silo without a gateway has port 0.
('GatewaysQueryKey', $query$
    select Address, ProxyPort, Generation
    from OrleansMembershipTable
    where DeploymentId = @DeploymentId and Status = @Status and ProxyPort > 0
$query$),

-- Removes silos that are dead, and no others: after many restarts the cut is recent, and a silo that is joining or
-- shutting down must not lose its row because its last sign of life is older.
('CleanupDefunctSiloEntriesKey', $query$
    delete from OrleansMembershipTable
    where DeploymentId = @DeploymentId and Status = 6 and IAmAliveTime < @IAmAliveTime
$query$),

('DeleteMembershipTableEntriesKey', $query$
    delete from OrleansMembershipTable where DeploymentId = @DeploymentId;
    delete from OrleansMembershipVersionTable where DeploymentId = @DeploymentId
$query$);
