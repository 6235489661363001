using Weft.Wasm.Modules.Reading;

namespace Weft.Wasm.Modules.Validation;

// Everything outside of the bodies of functions (WebAssembly 2.0, section 3.4). It also collects which functions are
// declared as ones that references are made to, which the bodies need.
internal static class ModuleRules
{
    public static void Check(ModuleScope scope)
    {
        var module = scope.Module;
        if (module.Memories.Length > 1)
        {
            throw ModuleErrors.Unsupported(SectionOffset(module, 5), "several memories");
        }

        foreach (var table in module.Tables)
        {
            if (table.Limits.Minimum > EngineLimits.TableElements)
            {
                throw ModuleErrors.OverLimit(
                    SectionOffset(module, 4), $"a table of {table.Limits.Minimum} elements", EngineLimits.TableElements);
            }
        }

        foreach (var global in module.Globals)
        {
            if (global.Initial is { } initial)
            {
                ConstantValidation.Check(scope, initial, global.Type.Type);
            }
        }

        Exports(scope);
        Start(scope);
        Segments(scope);
    }

    private static void Exports(ModuleScope scope)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var export in scope.Module.Exports)
        {
            if (!names.Add(export.Name))
            {
                throw ModuleErrors.Invalid(export.Offset, $"\"{export.Name}\" is exported twice");
            }

            switch (export.Kind)
            {
                case ExternKind.Function:
                    scope.Function(export.Offset, export.Index);
                    scope.Declare(export.Index);
                    break;
                case ExternKind.Table:
                    scope.Table(export.Offset, export.Index);
                    break;
                case ExternKind.Memory:
                    scope.Memory(export.Offset, export.Index);
                    break;
                default:
                    scope.Global(export.Offset, export.Index);
                    break;
            }
        }
    }

    private static void Start(ModuleScope scope)
    {
        if (scope.Module.Start is not { } start)
        {
            return;
        }

        var at = SectionOffset(scope.Module, 8);
        if (!scope.Function(at, start).Type.Equals(FunctionType.Empty))
        {
            throw ModuleErrors.Invalid(at, "the start function takes or gives something");
        }
    }

    private static void Segments(ModuleScope scope)
    {
        foreach (var segment in scope.Module.Elements)
        {
            if (segment.Start is { } start)
            {
                var table = scope.Table(start.Offset, segment.Table);
                if (table.Element != segment.Type)
                {
                    throw ModuleErrors.Invalid(
                        start.Offset, $"elements of {segment.Type.Word()} are for a table of {table.Element.Word()}");
                }

                ConstantValidation.Check(scope, start, WasmType.I32);
            }

            Items(scope, segment);
        }

        foreach (var segment in scope.Module.Data)
        {
            if (segment.Start is { } start)
            {
                scope.Memory(start.Offset, segment.Memory);
                ConstantValidation.Check(scope, start, WasmType.I32);
            }
        }
    }

    private static void Items(ModuleScope scope, ElementSegment segment)
    {
        var items = new ByteCursor(scope.Module.Bytes.Span, segment.Items.Offset, segment.Items.End);
        while (!items.IsAtEnd)
        {
            if (segment.AreExpressions)
            {
                ConstantValidation.Check(scope, ref items, segment.Type);
                continue;
            }

            var at = items.Position;
            var function = items.U32("the index of a function");
            scope.Function(at, function);
            scope.Declare(function);
        }
    }

    private static int SectionOffset(WasmModule module, int id) =>
        module.Sections.FirstOrDefault(s => s.Id == id)?.Offset ?? 0;
}
