using Weft.Testing;

namespace Weft.Wasm.Tests.Modules;

/// <summary>Small modules that together use every part of the format, to be mutated.</summary>
internal static class Seeds
{
    public const string Control = """
        (module
          (type $pair (func (param i32) (result i32 i64)))
          (type $two (func (param i32 i64) (result i32 i64)))
          (func $split (type $pair) local.get 0 i64.const 7)
          (func (export "run") (param $n i32) (result i64) (local $sum i64) (local f32 f64)
            block $out
              loop $again
                local.get $n i32.eqz br_if $out
                local.get $sum local.get $n i64.extend_i32_s i64.add local.set $sum
                local.get $n i32.const 1 i32.sub local.tee $n
                if (result i32) i32.const 1 else i32.const 2 end
                drop
                br $again
              end
            end
            local.get $n call $split
            block (type $two) end
            loop (type $two) end
            local.set $sum
            block $a block $b block $c local.get $n br_table $a $b $c $a end end end
            drop local.get $sum return)
          (func (export "dead") (result i32)
            unreachable i32.add f64.const 1 drop select br 0)
          (func (export "nested") (param i32) (result f64)
            (block (result f64)
              (br_if 0 (f64.const 2) (local.get 0))
              (drop)
              (if (result f64) (local.get 0) (then (f64.const 3)) (else (unreachable))))))
        """;

    public const string Memory = """
        (module
          (import "env" "seen" (func $seen (param i32 f32) (result i64)))
          (import "env" "base" (global $base i32))
          (memory (export "memory") 1 4)
          (global $top (mut i32) (i32.const 1024))
          (global $far i64 (i64.const -5))
          (global $copy i32 (global.get $base))
          (data (i32.const 16) "hello")
          (data $later "world")
          (func (export "bulk") (param i32)
            local.get 0 i32.const 0 i32.const 5 memory.init $later data.drop $later
            local.get 0 i32.const 9 i32.const 3 memory.copy
            local.get 0 i32.const 0 i32.const 100 memory.fill
            memory.size memory.grow drop
            global.get $top i32.const 8 i32.sub global.set $top)
          (func (export "access") (param i32) (result i64)
            local.get 0 i32.load8_s offset=3 local.get 0 i32.load16_u i32.add drop
            local.get 0 f32.load local.get 0 f64.load drop drop
            local.get 0 i64.load32_u offset=70000 align=2
            local.get 0 local.get 0 i64.load i64.store16
            local.get 0 f64.const 1.5 f64.store
            local.get 0 f32.const 1.5 call $seen i64.sub
            f64.const 1e300 i32.trunc_sat_f64_u drop i32.const 200 i32.extend8_s drop))
        """;

    public const string Tables = """
        (module
          (type $unary (func (param i32) (result i32)))
          (table $calls (export "table") 4 8 funcref)
          (table $refs 2 externref)
          (elem (i32.const 0) $one $two)
          (elem $later func $two $one)
          (elem $made funcref (ref.func $one) (ref.null func))
          (elem declare func $start)
          (global $first (mut funcref) (ref.func $one))
          (func $one (type $unary) local.get 0)
          (func $two (type $unary) local.get 0 i32.const 1 i32.add)
          (func $start ref.func $start drop)
          (start $start)
          (func (export "use") (param i32 externref) (result i32)
            local.get 0 local.get 1 table.set $refs
            local.get 0 table.get $refs ref.is_null drop
            local.get 1 i32.const 3 table.grow $refs drop
            i32.const 0 local.get 1 table.size $refs table.fill $refs
            i32.const 0 i32.const 0 i32.const 1 table.init $calls $later elem.drop $later
            i32.const 0 i32.const 1 i32.const 1 table.copy $calls $calls
            ref.null extern local.get 1 i32.const 0 select (result externref) drop
            local.get 0 i32.const 1 call_indirect (type $unary)))
        """;

    public const string Vectors = """
        (module
          (memory 1)
          (func (export "mix") (param v128 i32) (result v128)
            local.get 1 v128.load offset=16 local.get 0 i32x4.add
            local.get 0 i8x16.shuffle 0 1 2 3 4 5 6 7 24 25 26 27 28 29 30 31
            v128.const i32x4 1 2 3 4 v128.xor
            local.get 1 i16x8.splat i16x8.mul
            local.get 0 i64x2.extract_lane 1 i64x2.splat v128.or
            local.get 1 local.get 0 v128.load8_lane 3 v128.and))
        """;

    private static readonly string[] ForeignFiles = ["wasm/header_metric.wasm", "wasm/http_callout.wasm"];

    public static IReadOnlyDictionary<string, byte[]> Small { get; } = new Dictionary<string, byte[]>
    {
        ["control"] = Wat.Bytes(Control),
        ["memory"] = Wat.Bytes(Memory),
        ["tables"] = Wat.Bytes(Tables),
        ["vectors"] = Wat.Bytes(Vectors),
    };

    /// <summary>Plugins that others made with Rust; the calling test is skipped where they are missing.</summary>
    public static IReadOnlyDictionary<string, byte[]> Foreign() =>
        ForeignFiles.ToDictionary(f => f, f => File.ReadAllBytes(Peers.RequireFile(f)));
}
