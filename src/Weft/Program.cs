using Weft.Commands;

return await WeftCommand.RunAsync(args);
