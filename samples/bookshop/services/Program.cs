using Bookshop;

var roles = new Dictionary<string, string?>
{
    // service → the service it calls
    ["frontend"] = "catalog",
    ["catalog"] = "reviews",
    ["reviews"] = "ratings",
    ["ratings"] = null,
};

var role = args is [var first] ? first : "";
if (role != "shopper" && !roles.ContainsKey(role))
{
    await Console.Error.WriteLineAsync("usage: bookshop frontend|catalog|reviews|ratings|shopper");
    return 2;
}

try
{
    var settings = BookshopSettings.FromEnvironment();
    await (role == "shopper" ? Shopper.RunAsync(settings) : BookService.RunAsync(role, roles[role], settings));
    return 0;
}
catch (Exception e) when (e is InvalidOperationException or IOException)
{
    // A setting that is missing, or a port that is taken.
    await Console.Error.WriteLineAsync($"bookshop {role}: {e.Message}");
    return 1;
}
