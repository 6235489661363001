// A resource type of your own by xDS: features with a share of users, served to the programs that ask for them by name.
using XdsCustomTypeSample;

switch (args)
{
    case ["serve", var port]:
        await FeatureServer.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case ["watch", var server, .. var names]:
        await FeatureWatch.RunAsync(new Uri(server), names);
        return 0;
    default:
        Console.Error.WriteLine("usage: xds-custom-type serve PORT | xds-custom-type watch http://ADDRESS:PORT NAME…");
        return 2;
}
