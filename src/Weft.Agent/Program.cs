using Weft.Agent.Commands;

return await AgentCommand.RunAsync(args);
