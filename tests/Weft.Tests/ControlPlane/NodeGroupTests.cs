using Envoy.Config.Core.V3;
using Weft.ControlPlane;
using Weft.Translation;

namespace Weft.Tests.ControlPlane;

public sealed class NodeGroupTests
{
    [Theory]
    [InlineData("reviews-v1.shop", "shop", "reviews-v1")]
    [InlineData("a.b.shop", "shop", "a.b")]
    [InlineData("alone", "default", "alone")]
    [InlineData("", "default", "")]
    public void A_node_id_is_a_workload_and_its_namespace(string id, string space, string name) =>
        Assert.Equal(new(space, name), NodeGroup.NameOf(id));

    [Fact]
    public void The_metadata_that_bootstrap_writes_leads_to_the_group_of_the_class()
    {
        foreach (var proxy in new ProxyClass[] { new ProxyClass.Sidecar(new("shop", "a")), new ProxyClass.Grpc("shop") })
        {
            var node = new Node { Id = "a.shop", Metadata = NodeGroup.Metadata(proxy, "127.0.0.1:1") };
            Assert.Equal(NodeGroup.Of(proxy), NodeGroup.Of(node));
            node.Metadata.Fields[NodeGroup.MetadataKey].StructValue.Fields.Remove(NodeGroup.GroupKey);
            Assert.Equal(NodeGroup.Of(proxy), NodeGroup.Of(node));
        }
    }

    [Fact]
    public void Who_says_nothing_gets_the_raw_resources_only() =>
        Assert.Equal(NodeGroup.Unknown, NodeGroup.Of(new Node { Id = "reviews-v1.shop" }));
}
