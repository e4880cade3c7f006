using OrleansChat.Gateway.Hosting;

return await Commands.RunAsync(args);
