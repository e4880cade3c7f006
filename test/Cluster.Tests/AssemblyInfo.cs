// Every test starts a cluster of its own and needs the whole machine.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
