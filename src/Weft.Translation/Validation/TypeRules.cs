using System.Collections.Concurrent;
using System.Collections.Immutable;
using Google.Protobuf.Reflection;
using Validate;

namespace Weft.Translation.Validation;

/// <summary>The rules of one message type, compiled once.</summary>
internal sealed class TypeRules
{
    private static readonly ConcurrentDictionary<MessageDescriptor, TypeRules> Compiled = new();

    private TypeRules(bool matters, ImmutableArray<OneofDescriptor> oneofs, ImmutableArray<FieldRule> fields) =>
        (Matters, RequiredOneofs, Fields) = (matters, oneofs, fields);

    /// <summary>Whether a message of the type can violate anything, in itself or in what it contains.</summary>
    public bool Matters { get; }

    public ImmutableArray<OneofDescriptor> RequiredOneofs { get; }

    /// <summary>The fields with rules, and those that lead to rules.</summary>
    public ImmutableArray<FieldRule> Fields { get; }

    public static TypeRules Of(MessageDescriptor type) => Compiled.GetOrAdd(type, Compile);

    private static TypeRules Compile(MessageDescriptor type)
    {
        if (IsDisabled(type) || !RuleReach.Reaches(type))
        {
            return new(false, [], []);
        }

        var oneofs = type.Oneofs.Where(IsRequired).ToImmutableArray();
        var fields = type.Fields.InDeclarationOrder().Select(FieldRule.Compile).OfType<FieldRule>().ToImmutableArray();
        return new(true, oneofs, fields);
    }

    public static bool IsDisabled(MessageDescriptor type) =>
        type.GetOptions()?.GetExtension(ValidateExtensions.Disabled) ?? false;

    public static bool IsRequired(OneofDescriptor oneof) =>
        oneof.GetOptions()?.GetExtension(ValidateExtensions.Required) ?? false;

    public static FieldRules? RulesOf(FieldDescriptor field) =>
        field.GetOptions()?.GetExtension(ValidateExtensions.Rules);
}
