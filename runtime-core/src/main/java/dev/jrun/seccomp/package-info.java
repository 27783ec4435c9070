// SPDX-License-Identifier: Apache-2.0
/**
 * OCI seccomp profiles as programs of classic BPF. {@link dev.jrun.seccomp.SeccompFilter} is all that other packages
 * need.
 *
 * <p>A profile becomes a graph of decisions (architecture, number, words of arguments) in which equal parts are shared,
 * and the graph becomes instructions. A filter decides as libseccomp's would, with runc's addition for system calls
 * that are newer than the profile.
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/seccomp.2.html">seccomp(2)</a>
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#seccomp">config-linux.md,
 *     "Seccomp"</a>
 */
package dev.jrun.seccomp;
