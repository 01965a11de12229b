using System.Reflection;

namespace Instrumentator.Properties;

/// <summary>All objects that can be reached from others, by fields and elements. The runtime's own are left out: types, texts, threads.</summary>
internal static class HeapGraph
{
    public static IReadOnlyList<object> From(params object[] roots)
    {
        var found = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var open = new Stack<object>(roots);
        while (open.TryPop(out var next))
        {
            if (next is string or MemberInfo or Module or Assembly or Thread || !found.Add(next))
                continue;
            foreach (var reference in ReferencesIn(next))
                open.Push(reference);
        }
        return [.. found];
    }

    private static IEnumerable<object> ReferencesIn(object one) =>
        one is Array array ? array.GetType().GetElementType()!.IsPrimitive ? [] : array.Cast<object?>().SelectMany(ReferencesOf)
        : FieldsOf(one.GetType()).SelectMany(field => ReferencesOf(field.GetValue(one)));

    // A value has no place of its own: what it refers to belongs to whom it stands in.
    private static IEnumerable<object> ReferencesOf(object? value) => value is null ? [] : value is ValueType ? ReferencesIn(value) : [value];

    private static IEnumerable<FieldInfo> FieldsOf(Type? type) => type is null ? [] :
        type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            .Where(field => field.FieldType is { IsPrimitive: false, IsEnum: false, IsPointer: false, IsFunctionPointer: false })
            .Concat(FieldsOf(type.BaseType));
}
