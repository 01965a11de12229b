using System.Reflection;
using Microsoft.FSharp.Collections;
using Microsoft.FSharp.Core;

namespace Instrumentator.Properties;

/// <summary>Types as C# writes them, with a question mark where null is allowed; F# types as F# writes them.</summary>
internal static class TypeNames
{
    private static readonly Dictionary<Type, string> _keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(object)] = "object",
        [typeof(string)] = "string",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(char)] = "char",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(double)] = "double",
    };

    public static string Of(ParameterInfo parameter) =>
        Name(parameter.ParameterType, new NullabilityInfoContext().Create(parameter));

    public static string Of(PropertyInfo property) =>
        Name(property.PropertyType, new NullabilityInfoContext().Create(property));

    public static string Of(FieldInfo field) => Name(field.FieldType, new NullabilityInfoContext().Create(field));

    public static string Of(Type type) => Name(type, null);

    /// <summary>Returns the name with the namespace.</summary>
    public static string Full(Type type) => $"{type.Namespace}.{Name(type, null)}";

    private static string Name(Type type, NullabilityInfo? nullability)
    {
        if (type.IsByRef)
            return Name(type.GetElementType()!, nullability);
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Name(value, null) + "?";

        // F# represents None as null.
        if (IsGeneric(type, typeof(FSharpOption<>)))
            return BareName(type, nullability);

        // What is written about a type parameter depends on what stands in for it.
        var mark =
            !type.IsValueType && !type.IsGenericParameter && nullability?.ReadState == NullabilityState.Nullable
                ? "?"
                : "";
        return BareName(type, nullability) + mark;
    }

    private static string BareName(Type type, NullabilityInfo? nullability)
    {
        if (type.IsArray)
            return Name(type.GetElementType()!, nullability?.ElementType) + "[]";
        if (_keywords.TryGetValue(type, out var keyword))
            return keyword;
        var isInside = type is { IsNested: true, IsGenericParameter: false } && !type.DeclaringType!.IsGenericType;
        var outer = isInside ? BareName(type.DeclaringType!, null) + "." : "";
        if (!type.IsGenericType)
            return outer + type.Name;
        var inner = nullability?.GenericTypeArguments ?? [];
        string[] names =
        [
            .. type.GetGenericArguments().Select((argument, i) => Name(argument, i < inner.Length ? inner[i] : null))
        ];
        return FSharpName(type, names) ?? $"{outer}{type.Name.Split('`')[0]}<{string.Join(", ", names)}>";
    }

    private static string? FSharpName(Type type, string[] names) =>
        IsGeneric(type, typeof(FSharpFunc<,>)) ? $"({names[0]} -> {names[1]})"
        : IsGeneric(type, typeof(FSharpList<>)) ? $"{names[0]} list"
        : IsGeneric(type, typeof(FSharpOption<>)) ? $"{names[0]} option"
        : IsGeneric(type, typeof(Tuple<,>)) ? $"({names[0]} * {names[1]})"
        : null;

    private static bool IsGeneric(Type type, Type definition) =>
        type.IsGenericType && type.GetGenericTypeDefinition() == definition;
}
