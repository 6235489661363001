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
if (role == "shopper")
{
    await Shopper.RunAsync(BookshopSettings.FromEnvironment());
    return 0;
}

if (!roles.TryGetValue(role, out var upstream))
{
    await Console.Error.WriteLineAsync("usage: bookshop frontend|catalog|reviews|ratings|shopper");
    return 2;
}

await BookService.RunAsync(role, upstream, BookshopSettings.FromEnvironment());
return 0;
