return await OrleansChat.Cluster.DeafSilo.DeafSilo.RunAsync(args);
