using Weft.Wasm.Tests.Modules;
using static Weft.Wasm.Tests.Checking.PluginCheckTests;

namespace Weft.Wasm.Tests.Checking;

public sealed class SectionRulesTests
{
    private static readonly byte[] Nameless =
        [.. ModuleBytes.WithoutCustomSections(new PluginText().Bytes)];

    [Fact]
    public void Without_names_backtraces_say_little() => FindsIn(Nameless, "WEFT6132");

    [Fact]
    public void Envoy_refuses_a_name_section_that_it_cannot_read() =>
        FindsIn([.. Nameless, .. ModuleBytes.Custom("name", [1, 3, 1, 0, 5])], "WEFT6120");

    [Fact]
    public void Envoy_does_not_read_the_other_parts_of_the_name_section() =>
        FindsIn([.. Nameless, .. ModuleBytes.Custom("name", [0, 1, 9, 1, 4, 1, 0, 1, (byte)'f', 2, 0])]);

    [Theory]
    [InlineData("precompiled_wee8_v14")]
    [InlineData("my_precompiled_code")]
    public void A_precompiled_section_is_removed(string name) =>
        FindsIn([.. new PluginText().Bytes, .. ModuleBytes.Custom(name, [1, 2, 3])], "WEFT6139");

    [Fact]
    public void Other_custom_sections_are_nobodys_business() =>
        FindsIn([.. new PluginText().Bytes, .. ModuleBytes.Custom("producers", [1, 2, 3])]);
}
