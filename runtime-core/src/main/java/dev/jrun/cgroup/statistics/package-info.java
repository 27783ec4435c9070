// SPDX-License-Identifier: Apache-2.0
/** What a container uses and has used, as the kernel counts it, whichever version of cgroups it counts it in. */
package dev.jrun.cgroup.statistics;
