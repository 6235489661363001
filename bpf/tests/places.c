/* A program, or a library, for x86-64 with places of USDT; their notes are written as sys/sdt.h would. */

#define NOTE(name, counter, arguments)                                       \
	"990: nop\n"                                                         \
	".pushsection .note.stapsdt,\"\",@note\n"                            \
	".balign 4\n"                                                        \
	".4byte 992f-991f, 994f-993f, 3\n"                                   \
	"991: .asciz \"stapsdt\"\n"                                          \
	"992: .balign 4\n"                                                   \
	"993: .8byte 990b, _.stapsdt.base, " counter "\n"                    \
	".asciz \"weft\", \"" name "\", \"" arguments "\"\n"                 \
	"994: .balign 4\n"                                                   \
	".popsection\n"

__asm__(
	".pushsection .stapsdt.base,\"aG\",@progbits,.stapsdt.base,comdat\n"
	".weak _.stapsdt.base\n"
	".hidden _.stapsdt.base\n"
	"_.stapsdt.base: .space 1\n"
	".popsection\n"
	".pushsection .probes,\"aw\",@progbits\n"
	".hidden weft_watchers\n"
	".globl weft_watchers\n"
	"weft_watchers: .2byte 0\n"
	".popsection\n"
	".text\n"
	".globl weft_places\n"
	".type weft_places,@function\n"
	"weft_places:\n"
	"push %rbx\n"
	"sub $32,%rsp\n"
	"movabs $0x0102030405060708,%rax\n"
	"mov %rax,(%rsp)\n"
	"movq $-2,8(%rsp)\n"
	"movq $77,24(%rsp)\n"
	"movabs $0x55555555fffffffd,%rcx\n"
	"movabs $0x1122334455667788,%rdx\n"
	"mov $0xfffe,%ebx\n"
	"mov $3,%eax\n"
	NOTE("kinds", "0", "-4@%ecx 8@%rdx 1@%bl -1@%bl 4@%ecx -8@$-9 4@$71 8@(%rsp) -2@8(%rsp) 2@8(%rsp) 8@24(%rsp)")
	NOTE("none", "0", "")
	NOTE("twice", "0", "8@%rdx")
	NOTE("twice", "0", "8@%rdx")
	NOTE("indexed", "0", "-8@8(%rsp,%rax,8)")
	NOTE("indexed", "0", "-8@8(%rsp,%rax,8)")
	NOTE("float", "0", "8f@%xmm0")
	"cmpw $0,weft_watchers(%rip)\n"
	"je 1f\n"
	NOTE("counted", "weft_watchers", "8@%rdx")
	"1:\n"
	"add $32,%rsp\n"
	"pop %rbx\n"
	"ret\n"
	".size weft_places,.-weft_places\n"
	".section .note.GNU-stack,\"\",@progbits\n"
	".text\n");

void weft_places(void);

__attribute__((noinline)) int weft_call_one(int number)
{
	__asm__ volatile("");
	return number + 1;
}

__attribute__((noinline)) int weft_call_two(int number)
{
	__asm__ volatile("");
	return number + 2;
}

int weft_calls(void)
{
	return weft_call_one(1) + weft_call_two(2);
}

int main(void)
{
	weft_places();
	return weft_calls() == 6 ? 0 : 1;
}
