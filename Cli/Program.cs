using Wetware.Cli;

return await Commands.RunAsync(args).ConfigureAwait(false);
