// SPDX-License-Identifier: Apache-2.0
/**
 * Containers from Java: {@link dev.jrun.embedding} makes them, and {@link dev.jrun.container.lifecycle} says how they
 * are and what is wrong. All other packages are jrun's own.
 */
@SuppressWarnings("requires-automatic")
module dev.jrun.runtime {
    requires com.fasterxml.jackson.core;
    requires org.freedesktop.dbus;
    requires org.jnrproject.ffi;
    requires org.jnrproject.jffi;

    exports dev.jrun.container.lifecycle;
    exports dev.jrun.embedding;
}
