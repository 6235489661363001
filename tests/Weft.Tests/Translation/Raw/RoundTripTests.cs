using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Weft.Testing;
using Weft.Translation.Raw;

namespace Weft.Tests.Translation.Raw;

public sealed class RoundTripTests
{
    private static readonly TypeRegistry Types = TypeRegistry.FromFiles(
        [.. Weft.EnvoyApi.EnvoyApi.Files, WrappersReflection.Descriptor, DurationReflection.Descriptor, StructReflection.Descriptor]);

    [Fact]
    public void What_protobuf_writes_as_json_is_read_back_equal_for_every_type_of_the_api()
    {
        var seed = Soak.Seed();
        var messages = new RandomMessages(new Random(seed));
        var settings = JsonFormatter.Settings.Default.WithTypeRegistry(Types);
        var formatters = new[]
        {
            new JsonFormatter(settings),
            new JsonFormatter(settings.WithPreserveProtoFieldNames(true).WithIndentation()),
        };
        foreach (var type in RandomMessages.Types)
        {
            var message = messages.Make(type, depth: 4);
            foreach (var formatter in formatters)
            {
                var json = formatter.Format(Any.Pack(message));
                var found = new RawFindings("f");
                var read = AnyText.Read(Assert.Single(RawDocuments.Load(json, found) ?? []), found);
                Assert.True(found.Errors == 0, $"seed {seed}, {type.FullName}: {string.Join("\n", found.ToImmutable())}\n{json}");
                Assert.True(message.Equals(read.Message), $"seed {seed}, {type.FullName}: {json}\n{read.Message}");
                Assert.Equal(message.CalculateSize(), read.Packed.Value.Length);
            }
        }
    }
}
