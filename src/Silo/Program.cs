return await OrleansChat.Silo.SiloProgram.RunAsync(args);
