// SPDX-License-Identifier: Apache-2.0
package dev.jrun.program.listing;

import dev.jrun.kernel.Capability;
import dev.jrun.kernel.FileMode;
import dev.jrun.kernel.Mempolicy;
import dev.jrun.kernel.OpenFlags;
import dev.jrun.kernel.ResourceLimit;
import dev.jrun.kernel.Signal;
import dev.jrun.program.Address;
import dev.jrun.program.Instruction;
import dev.jrun.program.Instruction.Width;
import dev.jrun.program.Operand;
import dev.jrun.program.Register;
import dev.jrun.program.listing.Signature.Field;
import dev.jrun.program.listing.Signature.Kind;
import dev.jrun.program.listing.Signature.Kind.Plain;
import dev.jrun.program.listing.Signature.Parameter;
import dev.jrun.program.listing.Signature.Presence;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The arguments of a system call as text, by its signature. */
final class ArgumentText {

    private static final FlagNames FILE_TYPE = FlagNames.none()
            .with("S_IFIFO", FileMode.S_IFIFO)
            .with("S_IFCHR", FileMode.S_IFCHR)
            .with("S_IFDIR", FileMode.S_IFDIR)
            .with("S_IFBLK", FileMode.S_IFBLK)
            .with("S_IFREG", FileMode.S_IFREG)
            .with("S_IFLNK", FileMode.S_IFLNK)
            .with("S_IFSOCK", FileMode.S_IFSOCK);
    private static final FlagNames MEMORY_POLICIES = FlagNames.none().with(Mempolicy.class, "MPOL_");
    private static final long MEMORY_POLICY_FLAGS =
            Mempolicy.MPOL_F_NUMA_BALANCING | Mempolicy.MPOL_F_RELATIVE_NODES | Mempolicy.MPOL_F_STATIC_NODES;
    private static final int SIGNALS = 64;
    private static final int LONGEST_BYTES = 256;

    private final Memory memory;
    private final Signatures signatures;

    ArgumentText(Memory memory, Signatures signatures) {
        this.memory = memory;
        this.signatures = signatures;
    }

    /** What stands between the parentheses. */
    String of(Instruction.SystemCall call) {
        List<Parameter> parameters = signatures.of(call).parameters();
        List<Operand> arguments = call.arguments();
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            if (i < parameters.size()) {
                texts.add(argument(parameters.get(i), arguments, i));
            } else if (!isZero(arguments.get(i))) {
                texts.add(plain(arguments.get(i)));
            }
        }
        return String.join(", ", texts);
    }

    private static boolean isZero(Operand operand) {
        return operand instanceof Operand.Constant(long value) && value == 0;
    }

    private String argument(Parameter parameter, List<Operand> arguments, int index) {
        return switch (arguments.get(index)) {
            case Register register -> register.name();
            case Operand.Constant(long value)
            when parameter.kind() == Plain.NUMBER && value != 0 -> parameter.name() + '=' + value;
            case Operand.Constant(long value) -> number(parameter.kind(), value);
            case Address place -> place(parameter.kind(), place, arguments, index);
        };
    }

    /** An operand of which nothing more is known. */
    String plain(Operand operand) {
        return switch (operand) {
            case Register register -> register.name();
            case Operand.Constant(long value) -> Long.toString(value);
            case Address place -> memory.isString(place) ? memory.string(place, 0) : memory.buffer(place);
        };
    }

    /** Where in memory. */
    String buffer(Address place) {
        return memory.buffer(place);
    }

    /** {@code S_IFDIR} and its like. */
    static String fileType(long value) {
        return FILE_TYPE.single(value);
    }

    private String number(Kind kind, long value) {
        return switch (kind) {
            case Kind.Flags(FlagNames names) -> names.combination(value);
            case Kind.Choice(FlagNames names) -> names.single(value);
            case Kind.Structure _ -> pointer(value);
            case Plain plain -> number(plain, value);
        };
    }

    private String number(Plain kind, long value) {
        return switch (kind) {
            case NUMBER, ID -> Long.toString(value);
            case SIGNED -> Integer.toString((int) value);
            case DESCRIPTOR -> value == OpenFlags.AT_FDCWD ? "AT_FDCWD" : Long.toString(value);
            case HEX -> value == 0 ? "0" : "0x" + Long.toHexString(value);
            case OCTAL -> octal(value);
            case FILE_MODE -> fileMode(value);
            case DEVICE -> value == 0 ? "0" : device(value);
            case SIGNAL -> value >= 1 && value <= SIGNALS ? new Signal((int) value).signalName() : Long.toString(value);
            case CAPABILITY -> capability(value);
            case RESOURCE -> resource(value);
            case OPEN_FLAGS -> openFlags(value);
            case MEMORY_POLICY -> memoryPolicy(value);
            case LIMIT -> value == -1 ? "RLIM_INFINITY" : Long.toUnsignedString(value);
            case STRING, STRINGS, BYTES, NUMBERS, SIGNAL_SET, CAPABILITY_SETS, PLACE, TEXT -> pointer(value);
        };
    }

    private static String pointer(long value) {
        return value == 0 ? "NULL" : "0x" + Long.toHexString(value);
    }

    private static String octal(long value) {
        return value == 0 ? "0" : "0" + Long.toOctalString(value);
    }

    /** The kernel's new_decode_dev(): 12 bits of major number amidst 20 of minor. */
    private static String device(long value) {
        return "makedev(%d, %d)".formatted(value >>> 8 & 0xfff, value & 0xff | value >>> 12 & 0xfff00);
    }

    private static String fileMode(long value) {
        long type = value & FileMode.S_IFMT;
        String permissions = octal(value & ~FileMode.S_IFMT);
        return type == 0 ? permissions : FILE_TYPE.single(type) + '|' + permissions;
    }

    private static String capability(long number) {
        Capability[] all = Capability.values();
        return number >= 0 && number < all.length ? all[(int) number].name() : Long.toString(number);
    }

    private static String resource(long number) {
        ResourceLimit[] all = ResourceLimit.values();
        return number >= 0 && number < all.length ? all[(int) number].name() : Long.toString(number);
    }

    private static String memoryPolicy(long value) {
        long flags = value & MEMORY_POLICY_FLAGS;
        String mode = MEMORY_POLICIES.single(value & ~MEMORY_POLICY_FLAGS);
        return flags == 0 ? mode : mode + '|' + MEMORY_POLICIES.combination(flags);
    }

    private String openFlags(long value) {
        String flags = signatures.openFlags().combination(value);
        boolean opensForReading = (value & (OpenFlags.O_WRONLY | OpenFlags.O_RDWR | OpenFlags.O_PATH)) == 0;
        if (!opensForReading) {
            return flags;
        }
        return value == 0 ? "O_RDONLY" : "O_RDONLY|" + flags;
    }

    private String place(Kind kind, Address place, List<Operand> arguments, int index) {
        return switch (kind) {
            case Kind.Structure(List<Field> fields) -> structure(place, fields);
            case Kind.Flags _, Kind.Choice _ -> memory.buffer(place);
            case Plain plain ->
                switch (plain) {
                    case STRING -> string(place);
                    case STRINGS -> strings(place);
                    case BYTES -> bytes(place, arguments, index + 1);
                    case NUMBERS -> numbers(place, arguments, index - 1);
                    case SIGNAL_SET -> signalSet(memory.number(place, 0, Width.LONG));
                    case CAPABILITY_SETS -> capabilitySets(place);
                    default -> memory.buffer(place);
                };
        };
    }

    private String string(Address place) {
        return memory.isConstant(place) || memory.isString(place) ? memory.string(place, 0) : memory.buffer(place);
    }

    private String strings(Address table) {
        return list(memory.table(table).stream().map(this::string).toList());
    }

    private String bytes(Address place, List<Operand> arguments, int length) {
        if (memory.isConstant(place)
                && length < arguments.size()
                && arguments.get(length) instanceof Operand.Constant(long bytes)
                && bytes <= LONGEST_BYTES) {
            return memory.bytes(place, (int) bytes);
        }
        return memory.isString(place) ? memory.string(place, 0) : memory.buffer(place);
    }

    private String numbers(Address place, List<Operand> arguments, int count) {
        if (count < 0 || !(arguments.get(count) instanceof Operand.Constant(long length))) {
            return memory.buffer(place);
        }
        List<String> numbers = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            numbers.add(Long.toString(memory.number(place, i * Integer.BYTES, Width.INT)));
        }
        return list(numbers);
    }

    private String structure(Address place, List<Field> fields) {
        List<String> texts = new ArrayList<>();
        for (Field field : fields) {
            String text =
                    memory.register(place, field.offset()).map(Register::name).orElseGet(() -> field(place, field));
            if (!text.isEmpty()) {
                texts.add(field.name() + '=' + text);
            }
        }
        return "{" + String.join(", ", texts) + "}";
    }

    private String field(Address place, Field field) {
        if (field.kind() == Plain.TEXT) {
            return memory.string(place, field.offset());
        }
        long value = memory.number(place, field.offset(), field.width());
        return value == 0 && field.presence() == Presence.UNLESS_ZERO ? "" : number(field.kind(), value);
    }

    /** As strace shows it: the signals in the set or, behind a tilde, those that are not. */
    private static String signalSet(long set) {
        boolean most = Long.bitCount(set) > SIGNALS / 2;
        long shown = most ? ~set : set;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < SIGNALS; i++) {
            if ((shown >>> i & 1) != 0) {
                names.add(new Signal(i + 1).signalName());
            }
        }
        return most ? "~" + list(names) : list(names);
    }

    /** Six {@code u32}: the low halves of the three sets, then the high halves. */
    private String capabilitySets(Address place) {
        return "{effective=" + capabilities(place, 0) + ", permitted=" + capabilities(place, Integer.BYTES)
                + ", inheritable=" + capabilities(place, 2 * Integer.BYTES) + "}";
    }

    private String capabilities(Address place, int offset) {
        long mask = memory.number(place, offset, Width.INT)
                | memory.number(place, offset + 3 * Integer.BYTES, Width.INT) << Integer.SIZE;
        Set<Capability> all = EnumSet.allOf(Capability.class);
        if (mask == Capability.mask(all)) {
            return "all";
        }
        List<String> names = new ArrayList<>();
        for (Capability capability : all) {
            if ((mask >>> capability.ordinal() & 1) != 0) {
                names.add(capability.name());
            }
        }
        return list(names);
    }

    private static String list(List<String> texts) {
        return "[" + String.join(", ", texts) + "]";
    }
}
