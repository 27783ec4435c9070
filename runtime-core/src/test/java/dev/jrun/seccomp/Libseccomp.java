// SPDX-License-Identifier: Apache-2.0
package dev.jrun.seccomp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jrun.spec.Seccomp.Arg;
import dev.jrun.spec.Seccomp.Operator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Memory;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;

/**
 * libseccomp, told what runc tells it.
 *
 * @see <a href="https://man7.org/linux/man-pages/man3/seccomp_init.3.html">seccomp_init(3)</a>
 */
final class Libseccomp {
    /** seccomp_syscall_resolve_name(3): no architecture has a system call of that name. */
    static final int UNKNOWN = -1;

    private static final int ACTION_ALLOW = 0x7fff_0000;
    private static final int OPTIMIZE = 8;
    private static final int BINARY_TREE = 2;

    private static final int NATIVE = 0;
    private static final Map<Abi, Integer> TOKENS = Map.of(Abi.X32, 0x4000_003e);

    private final Functions functions;
    private final CLibrary c;

    /** How a filter is put together. */
    enum Form {
        /** One comparison after the other. */
        PLAIN,
        /** A binary tree: SCMP_FLTATR_CTL_OPTIMIZE = 2. */
        TREE
    }

    /** seccomp.h. */
    public interface Functions {
        Pointer seccomp_init(int defaultAction);

        void seccomp_release(Pointer filter);

        int seccomp_attr_set(Pointer filter, int attribute, int value);

        int seccomp_arch_add(Pointer filter, int arch);

        int seccomp_arch_remove(Pointer filter, int arch);

        int seccomp_rule_add_array(Pointer filter, int action, int call, int count, Pointer conditions);

        int seccomp_export_bpf(Pointer filter, int fd);

        int seccomp_syscall_resolve_name(String name);

        int seccomp_syscall_resolve_name_arch(int arch, String name);

        Pointer seccomp_syscall_resolve_num_arch(int arch, int number);

        Pointer seccomp_version();
    }

    /** What is needed to have a filter written to a file. */
    public interface CLibrary {
        int open(String path, int flags, int mode);

        int close(int fd);
    }

    private Libseccomp(Functions functions, CLibrary c) {
        this.functions = functions;
        this.c = c;
    }

    /**
     * Skips the test if the library is not there, or is for another machine than x86-64, whose numbers it would take.
     */
    static Libseccomp load() {
        String machine = System.getProperty("os.arch");
        assumeTrue(machine.equals("amd64"), "this comparison is written for x86-64, and this is " + machine);
        try {
            return new Libseccomp(
                    LibraryLoader.create(Functions.class).load("libseccomp.so.2"),
                    LibraryLoader.create(CLibrary.class).load("c"));
        } catch (UnsatisfiedLinkError e) {
            assumeTrue(false, "libseccomp2 is not installed");
            throw e;
        }
    }

    /** The version, such as 2.5.4. */
    String version() {
        Pointer version = functions.seccomp_version();
        return version.getInt(0) + "." + version.getInt(4) + "." + version.getInt(8);
    }

    static int token(Abi abi) {
        return TOKENS.getOrDefault(abi, abi.auditArch());
    }

    /** A number; negative for a call that other architectures have; {@link #UNKNOWN}. */
    int number(String name) {
        return functions.seccomp_syscall_resolve_name(name);
    }

    /** A number; negative for a call that other architectures have; {@link #UNKNOWN}. */
    int number(Abi abi, String name) {
        return functions.seccomp_syscall_resolve_name_arch(token(abi), name);
    }

    /** Whether the library and jrun take a name for the same number, or both for none. */
    boolean agrees(Abi abi, String name) {
        int number = number(abi, name);
        Integer own = abi.numbers().get(name);
        if (number < 0) {
            boolean isMultiplexed = number <= -100 && number > -300;
            return own == null || isMultiplexed;
        }
        return own != null && own == number;
    }

    /** The name of a native system call, null if there is none. */
    String nameOf(int number) {
        Pointer name = functions.seccomp_syscall_resolve_num_arch(NATIVE, number);
        return name == null ? null : name.getString(0);
    }

    /** Whether a filter can be for this ABI. */
    boolean knows(Abi abi) {
        Pointer filter = functions.seccomp_init(ACTION_ALLOW);
        int error = functions.seccomp_arch_remove(filter, NATIVE) | functions.seccomp_arch_add(filter, token(abi));
        functions.seccomp_release(filter);
        return error == 0;
    }

    /** A filter in the making, to be closed. */
    Filter filter(int defaultResult, List<Abi> abis, Form form) {
        return new Filter(defaultResult, abis, form);
    }

    final class Filter implements AutoCloseable {
        private final Pointer context;

        private Filter(int defaultResult, List<Abi> abis, Form form) {
            context = functions.seccomp_init(defaultResult);
            if (context == null) {
                throw new IllegalArgumentException("default action 0x" + Integer.toHexString(defaultResult));
            }
            require("seccomp_arch_remove", functions.seccomp_arch_remove(context, NATIVE));
            for (Abi abi : abis) {
                require("seccomp_arch_add " + abi, functions.seccomp_arch_add(context, token(abi)));
            }
            if (form == Form.TREE) {
                require("seccomp_attr_set", functions.seccomp_attr_set(context, OPTIMIZE, BINARY_TREE));
            }
        }

        /**
         * seccomp_rule_add(3).
         *
         * @return 0 or a negative error number
         */
        int add(int result, String name, List<Arg> conditions) {
            Runtime runtime = Runtime.getRuntime(functions);
            // struct scmp_arg_cmp { unsigned arg; enum scmp_compare op; uint64_t datum_a, datum_b; }
            Pointer array = Memory.allocateDirect(runtime, Math.max(1, conditions.size()) * 24);
            for (int i = 0; i < conditions.size(); i++) {
                Arg condition = conditions.get(i);
                array.putInt(24 * i, condition.index());
                array.putInt(24 * i + 4, operator(condition.op()));
                array.putLong(24 * i + 8, condition.value());
                array.putLong(24 * i + 16, condition.valueTwo());
            }
            return functions.seccomp_rule_add_array(context, result, number(name), conditions.size(), array);
        }

        byte[] export() {
            try {
                Path file = Files.createTempFile("libseccomp", ".bpf");
                try {
                    int fd = c.open(file.toString(), 1, 0);
                    require("seccomp_export_bpf", functions.seccomp_export_bpf(context, fd));
                    c.close(fd);
                    return Files.readAllBytes(file);
                } finally {
                    Files.delete(file);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            functions.seccomp_release(context);
        }
    }

    private static int operator(Operator operator) {
        // enum scmp_compare counts from 1, in the same order.
        return operator.ordinal() + 1;
    }

    private static void require(String call, int error) {
        if (error != 0) {
            throw new AssertionError(call + ": error " + error);
        }
    }
}
