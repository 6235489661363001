using System.CommandLine;
using Weft.XdsLoad;

var server = new Option<string>("--server") { Description = "The server's command, which gets gcp-server's flags.", Required = true };
var streams = new Option<int>("--streams") { Description = "How many streams.", DefaultValueFactory = _ => 1000 };
var connections = new Option<int>("--connections") { Description = "On how many connections.", DefaultValueFactory = _ => 8 };
var clusters = new Option<int>("--clusters") { Description = "How many clusters there are.", DefaultValueFactory = _ => 100 };
var perSecond = new Option<int>("--changes") { Description = "How many changes a second.", DefaultValueFactory = _ => 1000 };
var seconds = new Option<int>("--seconds") { Description = "For how long.", DefaultValueFactory = _ => 60 };
var silent = new Option<int>("--silent") { Description = "How many of the streams never read after the first sync." };

var storm = new Command("storm", "Kills the server and lets all clients come back at once.") { server, streams, connections, clusters };
storm.SetAction((parsed, _) => Storm.RunAsync(
    parsed.GetValue(server)!, parsed.GetValue(streams), parsed.GetValue(connections), parsed.GetValue(clusters)));
var steady = new Command("steady", "Changes that do not stop.") { server, streams, connections, clusters, perSecond, seconds, silent };
steady.SetAction((parsed, _) => Steady.RunAsync(
    parsed.GetValue(server)!, parsed.GetValue(streams), parsed.GetValue(connections), parsed.GetValue(clusters),
    parsed.GetValue(perSecond), parsed.GetValue(seconds), parsed.GetValue(silent)));
return await new RootCommand("Loads an ADS server in ways that xdsload does not.") { storm, steady }.Parse(args).InvokeAsync();
