using System.Reflection;
using System.Reflection.Emit;
using Orleans.Embedded.Grains.Activations;

namespace Orleans.Embedded.Grains.Calls;

/// <summary>
/// Generates, once per grain interface and process, a proxy class and one call class per method: the proxy stores the
/// arguments in fields of a new call and sends it, the call passes them to the grain object. No reflection happens per call.
/// </summary>
internal static class ProxyEmitter
{
    private static readonly object Gate = new();
    private static readonly Dictionary<Type, Func<GrainClass, string, object>> Factories = [];
    private static readonly HashSet<string> OpenedAssemblies = [];
    private static readonly Type[] ProxyArguments = [typeof(GrainClass), typeof(string)];

    private static readonly AssemblyBuilder Assembly =
        AssemblyBuilder.DefineDynamicAssembly(new("Orleans.Embedded.Proxies"), AssemblyBuilderAccess.Run);

    private static readonly ModuleBuilder Module = Assembly.DefineDynamicModule("Orleans.Embedded.Proxies");
    private static readonly ConstructorInfo OpensAssembly = DefineOpensAssembly();
    private static int Names;

    /// <summary>Makes references for an interface that <see cref="GrainInterfaceRules"/> found to be sound.</summary>
    internal static Func<GrainClass, string, object> FactoryFor(Type grainInterface)
    {
        lock (Gate)
        {
            if (!Factories.TryGetValue(grainInterface, out var factory))
                Factories.Add(grainInterface, factory = Emit(grainInterface));
            return factory;
        }
    }

    private static Func<GrainClass, string, object> Emit(Type grainInterface)
    {
        Open(typeof(GrainReference).Assembly);
        Open(grainInterface.Assembly);
        var proxy = Module.DefineType(
            $"{grainInterface.FullName}.Proxy{++Names}", TypeAttributes.Class | TypeAttributes.Sealed | TypeAttributes.NotPublic,
            typeof(GrainReference), [grainInterface]);
        EmitConstructor(proxy);
        foreach (var method in GrainInterfaceRules.MethodsOf(grainInterface))
            EmitMethod(proxy, method, EmitCall(method));
        return EmitFactory(proxy.CreateType());
    }

    private static void EmitConstructor(TypeBuilder proxy)
    {
        var code = proxy.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, ProxyArguments).GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Ldarg_2);
        code.Emit(OpCodes.Call, typeof(GrainReference).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, ProxyArguments)
            ?? typeof(GrainReference).GetConstructor(ProxyArguments)!);
        code.Emit(OpCodes.Ret);
    }

    /// <summary>The class of one method's calls: a field per argument, and the call on the grain object.</summary>
    private static EmittedCall EmitCall(MethodInfo method)
    {
        var (baseType, returnsValueTask) = CallTypeOf(method.ReturnType);
        var call = Module.DefineType(
            $"{method.DeclaringType!.FullName}.{method.Name}Call{++Names}", TypeAttributes.Class | TypeAttributes.Sealed | TypeAttributes.NotPublic, baseType);
        var arguments = method.GetParameters()
            .Select(parameter =>
            {
                Open(parameter.ParameterType.Assembly);
                return parameter.ParameterType == typeof(CancellationToken)
                    ? null
                    : call.DefineField(parameter.Name ?? $"argument{parameter.Position}", parameter.ParameterType, FieldAttributes.Public);
            })
            .ToArray();
        call.DefineField(nameof(EmittedCall.Method), typeof(CallMethod), FieldAttributes.Public | FieldAttributes.Static);
        call.DefineDefaultConstructor(MethodAttributes.Public);

        var invoke = baseType.GetMethod(nameof(VoidCall.Invoke))!;
        var code = call.DefineMethod(
            nameof(VoidCall.Invoke), MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig,
            invoke.ReturnType, [typeof(object)]).GetILGenerator();
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Castclass, method.DeclaringType!);
        foreach (var argument in arguments)
        {
            code.Emit(OpCodes.Ldarg_0);
            if (argument is null)
                code.Emit(OpCodes.Call, typeof(Call).GetProperty(nameof(Call.CancellationToken))!.GetMethod!);
            else
                code.Emit(OpCodes.Ldfld, argument);
        }

        code.Emit(OpCodes.Callvirt, method);
        if (returnsValueTask)
            code.Emit(OpCodes.Call, baseType.GetMethod(nameof(VoidCall.AsTask))!);
        code.Emit(OpCodes.Ret);

        var created = call.CreateType();
        var methodField = created.GetField(nameof(EmittedCall.Method))!;
        methodField.SetValue(null, new CallMethod(method));
        return new(
            created.GetConstructor(Type.EmptyTypes)!, methodField,
            [.. arguments.Select(argument => argument is null ? null : created.GetField(argument.Name))],
            baseType.GetMethod(returnsValueTask ? nameof(VoidCall.SendValueTask) : nameof(VoidCall.SendTask))!);
    }

    private static void EmitMethod(TypeBuilder proxy, MethodInfo method, EmittedCall call)
    {
        var parameters = method.GetParameters().Select(static parameter => parameter.ParameterType).ToArray();
        var implementation = proxy.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            method.ReturnType, parameters);
        var code = implementation.GetILGenerator();
        code.Emit(OpCodes.Newobj, call.Constructor);
        for (var i = 0; i < parameters.Length; i++)
        {
            code.Emit(OpCodes.Dup);
            code.Emit(OpCodes.Ldarg, (short)(i + 1));
            if (call.Arguments[i] is { } field)
                code.Emit(OpCodes.Stfld, field);
            else
                code.Emit(OpCodes.Call, typeof(Call).GetMethod(nameof(Call.SetCancellation))!);
        }

        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldsfld, call.Method);
        code.Emit(OpCodes.Call, call.Send);
        code.Emit(OpCodes.Ret);
        proxy.DefineMethodOverride(implementation, method);
    }

    private static Func<GrainClass, string, object> EmitFactory(Type proxy)
    {
        var make = new DynamicMethod("Make", typeof(object), ProxyArguments, proxy.Module, skipVisibility: true);
        var code = make.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Newobj, proxy.GetConstructor(ProxyArguments)!);
        code.Emit(OpCodes.Ret);
        return make.CreateDelegate<Func<GrainClass, string, object>>();
    }

    private static (Type BaseType, bool ReturnsValueTask) CallTypeOf(Type returnType)
    {
        if (returnType == typeof(Task))
            return (typeof(VoidCall), false);
        if (returnType == typeof(ValueTask))
            return (typeof(VoidCall), true);
        var result = returnType.GetGenericArguments()[0];
        Open(result.Assembly);
        return (typeof(ValueCall<>).MakeGenericType(result), returnType.GetGenericTypeDefinition() == typeof(ValueTask<>));
    }

    /// <summary>Lets the generated classes use internal types of an assembly.</summary>
    private static void Open(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        if (OpenedAssemblies.Add(name))
            Assembly.SetCustomAttribute(new(OpensAssembly, [name]));
    }

    /// <summary>The runtime honours this attribute by its name; the class library does not declare it.</summary>
    private static ConstructorInfo DefineOpensAssembly()
    {
        var attribute = Module.DefineType(
            "System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute", TypeAttributes.Class | TypeAttributes.Public, typeof(Attribute));
        var code = attribute.DefineConstructor(MethodAttributes.Public, CallingConventions.HasThis, [typeof(string)]).GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(BindingFlags.Instance | BindingFlags.NonPublic, Type.EmptyTypes)!);
        code.Emit(OpCodes.Ret);
        return attribute.CreateType().GetConstructor([typeof(string)])!;
    }

    private sealed record EmittedCall(ConstructorInfo Constructor, FieldInfo Method, FieldInfo?[] Arguments, MethodInfo Send);
}
