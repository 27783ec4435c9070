// SPDX-License-Identifier: Apache-2.0
package dev.jrun.kernel.call;

import com.kenai.jffi.CallContext;
import com.kenai.jffi.Invoker;
import com.kenai.jffi.LastError;
import com.kenai.jffi.Library;
import com.kenai.jffi.MemoryIO;
import com.kenai.jffi.Type;
import dev.jrun.kernel.Machine;
import java.nio.ByteBuffer;

/**
 * Functions of the C library by jffi, on which jnr-ffi is built: without code generation, a function that jnr-ffi has
 * bound takes ten times as long as most system calls do, and its first call many more classes.
 */
final class DirectCall {

    private static final Invoker INVOKER = Invoker.getInstance();
    private static final LastError LAST_ERROR = LastError.getInstance();
    private static final MemoryIO MEMORY = MemoryIO.getInstance();

    /** Of seven arguments, jffi passes six as plain numbers. No system call here takes more than five of its own. */
    private static final CallContext NUMBERS = new CallContext(
            Type.SLONG_LONG,
            Type.SLONG_LONG,
            Type.SLONG_LONG,
            Type.SLONG_LONG,
            Type.SLONG_LONG,
            Type.SLONG_LONG,
            Type.SLONG_LONG);

    private static final CallContext NUMBER = new CallContext(Type.SLONG_LONG, Type.SLONG_LONG);

    private static final long SYSCALL = Library.getDefault().getSymbolAddress("syscall");

    static {
        LinuxCalls.isLoaded = true;
    }

    private DirectCall() {}

    /** syscall(2): variadic in C, but passed like any other function on the machines that {@link Machine} lists. */
    static long syscall(long number, long a, long b, long c, long d, long e) {
        return INVOKER.invokeL6(NUMBERS, SYSCALL, number, a, b, c, d, e);
    }

    /** malloc_trim(3), which only the C library of GNU has. */
    static void mallocTrim() {
        INVOKER.invokeL1(NUMBER, Library.getDefault().getSymbolAddress("malloc_trim"), 0);
    }

    /** errno(3), as the last call of this thread has left it. */
    static int lastError() {
        return LAST_ERROR.get();
    }

    /** Where memory outside the heap is. */
    static long address(ByteBuffer buffer) {
        return MEMORY.getDirectBufferAddress(buffer);
    }
}
